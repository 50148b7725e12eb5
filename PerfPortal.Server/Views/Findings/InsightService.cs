using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Settings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Runs the detectors and records the run as an operation of the portal.</summary>
internal sealed class InsightService(InsightEngine engine, ThresholdSettings thresholds, PerformanceTracker tracker, TimeProvider time)
{
    /// <summary>Runs every detector on the present.</summary>
    public Task<InsightRun> RunAsync(CancellationToken cancellationToken) => tracker.RunAsync(
        MetricType.AnalyticsCollection, "insight",
        async (scope, token) =>
        {
            var run = await engine.RunAsync(new(time.GetUtcNow(), thresholds.Current), token).ConfigureAwait(false);
            scope.Set("processing_seconds", run.Milliseconds / 1000);
            scope.Set("observations", (long)run.Observations);
            scope.Set("failed_detectors", (long)run.Failed);
            return run;
        },
        cancellationToken);
}
