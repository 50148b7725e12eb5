using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Client;

/// <summary>The program of <c>docs/client.md</c>. A test compares what is between the marks with it.</summary>
internal static class ExampleProgram
{
    /// <summary>Runs it; the first argument is the address of a portal.</summary>
    public static async Task RunAsync(string[] args)
    {
        // begin
        await using var client = new PortalClient(new() { Address = new(args[0]), Source = "trainer-1" });

        using var scope = client.Tracker.Start(MetricType.DownloadOperation, "my-model");
        for (int done = 0; done <= 100; done += 20)
        {
            scope.Report(done, 100, "files");
            await Task.Delay(500);
        }

        scope.Set("integrity_verified", true);
        scope.Complete();
        // end
    }
}
