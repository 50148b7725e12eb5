using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Client;

/// <summary>The program of <c>docs/advice.md</c>: its argument is a portal.</summary>
internal static class AdviceExample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(string[] args)
    {
        // begin
        await using var client = new PortalClient(new() { Address = new(args[0]), Source = "trainer-1" });
        var trial = new AdviceTrial(client.Adviser);    // new SafeDefaults(TimeProvider.System) without a portal
        var set = await trial.ChooseAsync(new(AdviceTopic.Download, Host: "huggingface.co", SizeBytes: 4_831_838_208), CancellationToken.None);
        int connections = (int)set.Get(AdviceKinds.Connections);
        var delay = TimeSpan.FromSeconds(set.Get(AdviceKinds.RetryDelay, "network"));
        bool retry = set.IsRetryWorthwhile("network");
        Console.WriteLine($"{connections} connections; {(retry ? $"a retry after {delay}" : "no retry")}");

        using var scope = client.Tracker.Start(MetricType.DownloadOperation, "my-model");
        scope.Set(AdviceFacts.Arm, set.Arm);
        scope.Set(AdviceFacts.Connections, connections);
        scope.Complete();
        // end
    }
}
