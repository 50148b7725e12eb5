using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Hosting;

/// <summary>Submits the completed operations of this process to the journal, from startup to shutdown.</summary>
internal sealed class TrackerService(PerformanceTracker tracker) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => tracker.DrainAsync(stoppingToken);
}
