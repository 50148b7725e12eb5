using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Hosting;

/// <summary>Hands what ended in this process to the journal, from the first moment to the last.</summary>
internal sealed class TrackerService(PerformanceTracker tracker) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => tracker.DrainAsync(stoppingToken);
}
