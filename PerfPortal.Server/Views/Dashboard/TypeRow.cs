using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>The statistics of a metric type, or of the portal itself, over the page's range.</summary>
/// <param name="MetricType">The type; <see langword="null"/> for the portal itself.</param>
/// <param name="Now">The statistics of the range.</param>
/// <param name="Before">The statistics of the previous period.</param>
/// <param name="Series">The number of completed operations per step, oldest first.</param>
/// <param name="Running">The number of running operations.</param>
public sealed record TypeRow(
    MetricType? MetricType, OutcomeStatistics Now, OutcomeStatistics Before, IReadOnlyList<double?> Series, int Running)
{
    /// <summary>The relative change of the operation count against the previous period, at least −1; <see langword="null"/> when that had no operations.</summary>
    public double? CountChange => Ratio(Now.Count, Before.Count);

    /// <summary>The verdict on what the names of the type did, with the parts of the change; <see langword="null"/> without operations in either period.</summary>
    public Judgement? Judgement { get; init; }

    /// <summary>The relative change of durations had every name kept its share of the previous period, at least −1; <see langword="null"/> when no name ended in both.</summary>
    public double? PerformanceChange => Judgement?.Split?.PerformanceRatio - 1;

    /// <summary>The relative change of durations by the changed shares of names, at least −1; <see langword="null"/> when it is below 5 %.</summary>
    public double? MixChange => Judgement?.Split?.MixRatio - 1 is { } change && Math.Abs(change) >= Verdicts.MinimumEffect ? change : null;

    /// <summary>Whether no operation completed and none is running.</summary>
    public bool IsIdle => Now.Count + Now.Cancelled + Now.Abandoned == 0 && Running == 0;

    private static double? Ratio(double? now, double? before) => before is > 0 ? (now / before) - 1 : null;
}
