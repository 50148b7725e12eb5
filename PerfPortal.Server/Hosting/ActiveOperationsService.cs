using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Every second, stores the progress of running operations and abandons those without a recent heartbeat.</summary>
internal sealed class ActiveOperationsService(ActiveKeeper keeper, PortalReadiness readiness, TimeProvider time, ILogger<ActiveOperationsService> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), readiness, time, logger)
{
    protected override Task RunOnceAsync(CancellationToken cancellationToken) => keeper.StepAsync(cancellationToken);
}
