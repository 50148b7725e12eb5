using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// The P95 latency of a name is more than five times its median and above a tenth of the slow limit of the name (3 s by default, 60 s for downloads), over at least
/// <see cref="MinimumCount"/> operations. If the slowest 5 % took the median, at least count × 0.05 × (P95 − P50) would be saved.
/// </summary>
internal sealed class TailLatencyRule : IRecommendationRule
{
    /// <summary>The minimum number of operations.</summary>
    public const long MinimumCount = 50;

    /// <summary>The rule applies above this ratio of P95 to P50.</summary>
    public const double HighRatio = 5;

    private const double SlowFactor = 0.1;
    private const double TailShare = 0.05;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) =>
        from operations in input.Groups
        let figures = operations.Statistics
        let limit = SlowFactor * input.Thresholds.SlowLimit(operations.MetricType, operations.Name)
        where figures.Count >= MinimumCount && figures.P50 > 0 && figures.P95 > limit && figures.P95 > HighRatio * figures.P50
        let p95 = figures.P95!.Value
        let p50 = figures.P50!.Value
        let saved = figures.Count * TailShare * (p95 - p50)
        orderby saved descending
        select Subject.Of(input, operations.MetricType, operations.Name).Recommend(
            input, RecommendationKinds.TailLatency, $"Investigate the slowest runs of {operations.Name}",
            $"P95 latency of {operations.Name} is {Format.Seconds(p95)}; the median is {Format.Seconds(p50)}.",
            "Compare the slowest runs with typical ones: source, sizes, and operations running at the same time.",
            $"P95 above {HighRatio} × P50 and above {Format.Seconds(limit)}, over at least {MinimumCount} operations.",
            new($"Saves at least {Format.Seconds(saved)}{input.PerDay(operations.MetricType, operations.Name)}.", saved, "s per day", "count × 0.05 × (P95 − P50)"),
            new("p95_duration", p95, "s"), new("p50_duration", p50, "s"),
            new("ratio", p95 / p50, "ratio"), new("operations", figures.Count, ""));
}
