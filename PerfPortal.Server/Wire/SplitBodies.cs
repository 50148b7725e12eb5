using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire;

/// <summary>The details of a change that is split into mix and performance.</summary>
/// <param name="PerformanceLow">The lower end of the 95 % interval of the performance ratio; null when the spread is unknown.</param>
/// <param name="PerformanceHigh">The upper end.</param>
/// <param name="Success">The change of the success rate; null when either period has no completed operation.</param>
/// <param name="ComparableShare">The share of the operations of the range whose name also ended in the base, 0–1.</param>
/// <param name="BaseComparableShare">The share of the operations of the base whose name also ended in the range, 0–1.</param>
/// <param name="Contributions">The names that contribute most, largest first, at most 5.</param>
internal sealed record SplitBody(
    double? PerformanceLow, double? PerformanceHigh, SuccessSplitBody? Success, double ComparableShare, double BaseComparableShare,
    IReadOnlyList<ContributionBody> Contributions)
{
    /// <summary>Converts a split to its wire form.</summary>
    public static SplitBody? Of(MixSplit? split) => split is null ? null : new(
        split.PerformanceLow, split.PerformanceHigh, split.Success is { } success ? new(success.Total, success.Performance, success.Mix) : null,
        split.ComparableShare, split.BaseComparableShare, [.. split.Contributions.Select(ContributionBody.Of)]);
}

/// <summary>A change of the success rate, in shares: total = performance + mix.</summary>
/// <param name="TotalChange">The success rate minus that of the base, −1 to 1.</param>
/// <param name="PerformanceChange">The part that the names themselves account for; null when no name ended in both.</param>
/// <param name="MixChange">The part that the changed shares account for.</param>
internal sealed record SuccessSplitBody(double TotalChange, double? PerformanceChange, double MixChange);

/// <summary>What one name contributes to a change. The ratios of all names multiply to those of the whole, the changes add up.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name.</param>
/// <param name="Share">Its share of the operations of the range, 0–1.</param>
/// <param name="BaseShare">Its share of the operations of the base, 0–1.</param>
/// <param name="Ratio">Its own geometric mean divided by that of the base; null when it ended in one of them only.</param>
/// <param name="PerformanceRatio">Its part of the performance ratio.</param>
/// <param name="MixRatio">Its part of the mix ratio.</param>
/// <param name="SuccessPerformanceChange">Its part of the performance change of the success rate.</param>
/// <param name="SuccessMixChange">Its part of the mix change of the success rate.</param>
internal sealed record ContributionBody(
    MetricType MetricType, string OperationName, double Share, double BaseShare, double? Ratio, double PerformanceRatio, double MixRatio, double SuccessPerformanceChange,
    double SuccessMixChange)
{
    /// <summary>Converts a contribution to its wire form.</summary>
    public static ContributionBody Of(MixContribution item) => new(
        item.MetricType, item.Name, item.Share, item.BaseShare, item.Ratio, item.PerformanceRatio, item.MixRatio, item.SuccessPerformance, item.SuccessMix);
}
