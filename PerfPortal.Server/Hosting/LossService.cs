using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Losses;

namespace PerfPortal.Server.Hosting;

/// <summary>Reads what programs lost at the start, and forgets it when the figures that lack it are purged.</summary>
internal sealed class LossService(LossKeeper keeper, RetentionHorizons horizons, PortalReadiness readiness, TimeProvider time, ILogger<LossService> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), readiness, time, logger)
{
    /// <inheritdoc/>
    protected override Task RunOnceAsync(CancellationToken cancellationToken) => keeper.PurgeAsync(horizons.OldestHour, cancellationToken);
}
