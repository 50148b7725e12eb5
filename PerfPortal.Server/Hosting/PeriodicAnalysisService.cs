using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Hosting;

/// <summary>Runs the analysis and the detectors of findings every minute, even when no page is open.</summary>
internal sealed class PeriodicAnalysisService(AnalysisService analysis, InsightService insight, PortalReadiness readiness, TimeProvider time, ILogger<PeriodicAnalysisService> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), readiness, time, logger)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await analysis.RunAsync(null, cancellationToken).ConfigureAwait(false);
        await insight.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
