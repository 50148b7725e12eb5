using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Series;

/// <summary>The figures of a name in one step. Durations are in seconds and <see cref="double.NaN"/> without finished operations.</summary>
/// <param name="Finished">The number of operations that succeeded or failed.</param>
/// <param name="Failed">The number of failed operations.</param>
/// <param name="Mean">The mean duration.</param>
/// <param name="P50">The median duration, within 1 %.</param>
/// <param name="P95">The 95th percentile of the duration, within 1 %.</param>
public readonly record struct OperationPoint(int Finished, int Failed, double Mean, double P50, double P95)
{
    /// <summary>A step without finished operations.</summary>
    public static OperationPoint None { get; } = new(0, 0, double.NaN, double.NaN, double.NaN);
}

/// <summary>The operations of one type and name as a series of equal steps, from rollups.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Start">The start of the first step, UTC.</param>
/// <param name="Step">The length of a step.</param>
/// <param name="Points">The steps, oldest first; the last one may be incomplete.</param>
public sealed record OperationSeries(MetricType MetricType, string Name, DateTimeOffset Start, TimeSpan Step, IReadOnlyList<OperationPoint> Points)
{
    /// <summary>The start of a step.</summary>
    public DateTimeOffset TimeOf(int index) => Start + (index * Step);
}
