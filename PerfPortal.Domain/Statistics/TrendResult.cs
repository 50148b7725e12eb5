namespace PerfPortal.Domain.Statistics;

/// <summary>A value at a point in time.</summary>
/// <param name="Time">The time.</param>
/// <param name="Value">The value, in the caller's unit.</param>
public readonly record struct TimedValue(DateTimeOffset Time, double Value);

/// <summary>The result of a trend test.</summary>
/// <param name="Count">The number of points tested, after reduction to block means.</param>
/// <param name="SlopePerHour">Theil–Sen slope: the median slope of all pairs, in the values' unit per hour.</param>
/// <param name="PValue">The two-sided p-value, 0–1, corrected for autocorrelation.</param>
/// <param name="Z">The standard normal statistic behind <paramref name="PValue"/>; positive when rising.</param>
/// <param name="Autocorrelation">The lag-1 autocorrelation of the detrended series; a value above 0 has increased the variance; 0 for points that lie on a line up to rounding.</param>
public sealed record TrendResult(int Count, double SlopePerHour, double PValue, double Z, double Autocorrelation);
