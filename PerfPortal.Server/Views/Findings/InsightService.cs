using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Analysis.Recommendations.Effects;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Settings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Runs the detectors, measures what applied recommendations did, and records the run as an operation of the portal.</summary>
internal sealed class InsightService(
    InsightEngine engine, EffectMeter effects, RecommendationLedger recommendations, ThresholdSettings thresholds, PerformanceTracker tracker, TimeProvider time)
{
    private static readonly TimeSpan EffectPeriod = TimeSpan.FromMinutes(10);

    private long? _effectsMeasured;

    /// <summary>Runs every detector on the present.</summary>
    public Task<InsightRun> RunAsync(CancellationToken cancellationToken) => tracker.RunAsync(
        MetricType.AnalyticsCollection, "insight",
        async (scope, token) =>
        {
            var run = await engine.RunAsync(new(time.GetUtcNow(), thresholds.Current), token).ConfigureAwait(false);
            if (_effectsMeasured is not { } measured || time.GetElapsedTime(measured) >= EffectPeriod)
            {
                await effects.MeasureAsync(recommendations, token).ConfigureAwait(false);
                _effectsMeasured = time.GetTimestamp();
            }

            scope.Set("processing_seconds", run.Milliseconds / 1000);
            scope.Set("observations", (long)run.Observations);
            scope.Set("failed_detectors", (long)run.Failed);
            return run;
        },
        cancellationToken);
}
