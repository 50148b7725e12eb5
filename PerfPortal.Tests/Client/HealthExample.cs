using PerfPortal.Domain.Client;
using PerfPortal.Domain.Models.Health;

namespace PerfPortal.Tests.Client;

/// <summary>The program of <c>docs/models/health.md</c>: its arguments are a portal, a directory of models, one for state, and a model.</summary>
internal static class HealthExample
{
    /// <summary>Runs it.</summary>
    public static async Task RunAsync(string[] args)
    {
        // begin
        await using var client = new PortalClient(new() { Address = new(args[0]), Source = "trainer-1" });
        var monitor = new ModelHealthMonitor(new() { Directories = [args[1]], StateDirectory = args[2], Source = "trainer-1" }, client.Tracker, client.Adviser);

        var health = await monitor.CheckAsync(args[3], full: true);    // now
        Console.WriteLine(health.State);
        foreach (var step in health.Repair?.Steps ?? [])
        {
            Console.WriteLine(step.Sentence);                           // "Download 1 MiB of 'model.safetensors' again. …"
        }

        using var stop = new CancellationTokenSource();
        var schedule = monitor.RunAsync(stop.Token);                    // on a schedule, until it is stopped
        await Task.Delay(100);                                          // whatever else the program does
        await stop.CancelAsync();
        await schedule;
        // end
    }
}
