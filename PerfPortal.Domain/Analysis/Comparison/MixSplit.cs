using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>
/// A change above the level of a name, split by direct standardisation to the composition of the base period: what the names did (performance), and what the change of their
/// shares did (mix). Durations are compared by geometric means, so that <c>TotalRatio = MixRatio × PerformanceRatio</c>.
/// </summary>
/// <param name="TotalRatio">The geometric mean of all durations divided by that of the base period; <see langword="null"/> when either has none.</param>
/// <param name="PerformanceRatio">The same, had every name kept its share of the base period; <see langword="null"/> when no name has durations in both.</param>
/// <param name="PerformanceLow">The lower end of the 95 % interval of <paramref name="PerformanceRatio"/>; <see langword="null"/> when the spread is unknown.</param>
/// <param name="PerformanceHigh">The upper end.</param>
/// <param name="Success">The change of the success rate; <see langword="null"/> when either period has no finished operation.</param>
/// <param name="ComparableShare">The share of the operations of the period whose name also ended in the base period, 0–1.</param>
/// <param name="BaseComparableShare">The share of the operations of the base period whose name also ended in the period, 0–1.</param>
/// <param name="Contributions">The names that contribute most, largest first, at most <see cref="StratifiedComparison.MaxContributions"/>.</param>
public sealed record MixSplit(
    double? TotalRatio, double? PerformanceRatio, double? PerformanceLow, double? PerformanceHigh, SuccessSplit? Success, double ComparableShare, double BaseComparableShare,
    IReadOnlyList<MixContribution> Contributions)
{
    /// <summary>What the change of shares did, names that appear or vanish included: <see cref="TotalRatio"/> divided by <see cref="PerformanceRatio"/>.</summary>
    public double? MixRatio => PerformanceRatio is { } performance ? TotalRatio / performance : TotalRatio;
}

/// <summary>A change of the success rate, in shares: <c>Total = Mix + Performance</c>.</summary>
/// <param name="Total">The success rate minus that of the base period, −1 to 1.</param>
/// <param name="Performance">The same, had every name kept its share of the base period; <see langword="null"/> when no name finished in both.</param>
public sealed record SuccessSplit(double Total, double? Performance)
{
    /// <summary>What the change of shares did.</summary>
    public double Mix => Total - (Performance ?? 0);
}

/// <summary>What one name contributes to a change. The factors of all names multiply to those of the whole, the differences add up.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Share">Its share of the finished operations of the period, 0–1.</param>
/// <param name="BaseShare">Its share of the finished operations of the base period, 0–1.</param>
/// <param name="Ratio">Its own geometric mean divided by that of the base period; <see langword="null"/> when it ended in one of the periods only.</param>
/// <param name="PerformanceRatio">Its factor of the performance part.</param>
/// <param name="MixRatio">Its factor of the mix part.</param>
/// <param name="SuccessPerformance">Its difference within the performance part of the success rate.</param>
/// <param name="SuccessMix">Its difference within the mix part of the success rate.</param>
public sealed record MixContribution(
    MetricType MetricType, string Name, double Share, double BaseShare, double? Ratio, double PerformanceRatio, double MixRatio, double SuccessPerformance, double SuccessMix);
