using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Reads once after the start what advice learns from, and tries again while the store cannot be read. Until then advice rests on what was reported since the start.</summary>
internal sealed class AdviceHistoryService(
    AdviceHistory history, IOperationReader stored, PortalReadiness readiness, TimeProvider time, ILogger<AdviceHistoryService> logger)
    : PeriodicService(TimeSpan.FromSeconds(10), readiness, time, logger)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!history.IsLoaded)
        {
            await history.LoadAsync(stored, cancellationToken).ConfigureAwait(false);
        }
    }
}
