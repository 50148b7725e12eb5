namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The statistics of a range, as they go over the wire. Durations are seconds; quantiles are nearest rank, within
/// <see cref="DurationSketch.RelativeError"/> and never outside <paramref name="Min"/> and <paramref name="Max"/>; counts and the rate are exact.
/// What cannot be said without data is <see langword="null"/>.
/// </summary>
/// <param name="Count">Succeeded and failed together.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Cancelled">How many were cancelled; not in <paramref name="Count"/>.</param>
/// <param name="Abandoned">How many were abandoned; not in <paramref name="Count"/>.</param>
/// <param name="SuccessRate">Succeeded of <paramref name="Count"/>, 0–1.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
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
