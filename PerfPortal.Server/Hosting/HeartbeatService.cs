using PerfPortal.Server.Alerts;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Sends the heartbeat.</summary>
internal sealed class HeartbeatService(Heartbeat heartbeat, TimeSpan period, PortalReadiness readiness, TimeProvider time, ILogger<HeartbeatService> logger)
    : PeriodicService(period, readiness, time, logger)
{
    protected override Task RunOnceAsync(CancellationToken cancellationToken) => heartbeat.SendAsync(cancellationToken);
}
