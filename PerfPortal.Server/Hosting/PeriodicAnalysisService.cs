using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Hosting;

/// <summary>Runs the analysis every minute, even when no page is open.</summary>
internal sealed class PeriodicAnalysisService(AnalysisService analysis, PortalReadiness readiness, TimeProvider time, ILogger<PeriodicAnalysisService> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), readiness, time, logger)
{
    protected override Task RunOnceAsync(CancellationToken cancellationToken) => analysis.RunAsync(null, cancellationToken);
}
