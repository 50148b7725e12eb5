using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Stores what operations in progress reported and gives up those that fell silent, every second.</summary>
internal sealed class ActiveOperationsService(ActiveKeeper keeper, PortalReadiness readiness, TimeProvider time, ILogger<ActiveOperationsService> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), readiness, time, logger)
{
    protected override Task DoAsync(CancellationToken cancellationToken) => keeper.StepAsync(cancellationToken);
}
