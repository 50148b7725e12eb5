using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Analysis.Series;

/// <summary>A metric of a host as a series of equal steps, from rollups.</summary>
/// <param name="Source">The host.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Start">The start of the first step, UTC.</param>
/// <param name="Step">The length of a step.</param>
/// <param name="Values">The time-weighted mean of each step, oldest first; <see cref="double.NaN"/> where nothing was measured.</param>
public sealed record ResourceSeries(string Source, ResourceMetric Metric, DateTimeOffset Start, TimeSpan Step, IReadOnlyList<double> Values)
{
    /// <summary>The start of a step.</summary>
    public DateTimeOffset TimeOf(int index) => Start + (index * Step);
}
