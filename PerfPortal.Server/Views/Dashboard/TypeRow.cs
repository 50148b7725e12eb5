using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>One metric type over the page's range, or the portal itself.</summary>
/// <param name="MetricType">The type; <see langword="null"/> for the portal itself.</param>
/// <param name="Now">The statistics of the range.</param>
/// <param name="Before">The statistics of the period of equal length before it.</param>
/// <param name="Series">How many operations ended in each step, oldest first.</param>
/// <param name="InFlight">How many are in progress.</param>
public sealed record TypeRow(
    MetricType? MetricType, OutcomeStatistics Now, OutcomeStatistics Before, IReadOnlyList<double?> Series, int InFlight)
{
    /// <summary>How many more operations ended than in the period before, as a ratio of −1 and more; <see langword="null"/> when there was none before.</summary>
    public double? CountChange => Ratio(Now.Count, Before.Count);

    /// <summary>How much longer the 95th percentile is than in the period before, as a ratio of −1 and more.</summary>
    public double? P95Change => Ratio(Now.P95, Before.P95);

    /// <summary>Nothing ended and nothing is in progress.</summary>
    public bool IsIdle => Now.Count + Now.Cancelled + Now.Abandoned == 0 && InFlight == 0;

    private static double? Ratio(double? now, double? before) => before is > 0 ? (now / before) - 1 : null;
}
