namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The statistics of a range. Durations are in seconds; quantiles are nearest rank, within 1 % of the exact value; counts and the rate are exact.
/// Values that are undefined without data are <see langword="null"/>.
/// </summary>
/// <remarks>Quantiles are within <see cref="DurationSketch.RelativeError"/> and clamped to <paramref name="Min"/> and <paramref name="Max"/>.</remarks>
/// <param name="Count">The number of operations that succeeded or failed.</param>
/// <param name="Succeeded">The number of succeeded operations.</param>
/// <param name="Failed">The number of failed operations.</param>
/// <param name="Cancelled">The number of cancelled operations; not in <paramref name="Count"/>.</param>
/// <param name="Abandoned">The number of abandoned operations; not in <paramref name="Count"/>.</param>
/// <param name="SuccessRate"><paramref name="Succeeded"/> divided by <paramref name="Count"/>, 0–1.</param>
/// <param name="Mean">The mean duration.</param>
/// <param name="Min">The minimum duration.</param>
/// <param name="Max">The maximum duration.</param>
/// <param name="P50">The median duration.</param>
/// <param name="P90">The 90th percentile of the duration.</param>
/// <param name="P95">The 95th percentile of the duration.</param>
/// <param name="P99">The 99th percentile of the duration.</param>
/// <param name="ThroughputPerHour"><paramref name="Count"/> per hour of the range.</param>
public sealed record OutcomeStatistics(
    long Count,
    long Succeeded,
    long Failed,
    long Cancelled,
    long Abandoned,
    double? SuccessRate,
    double? Mean,
    double? Min,
    double? Max,
    double? P50,
    double? P90,
    double? P95,
    double? P99,
    double ThroughputPerHour);
