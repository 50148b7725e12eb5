namespace PerfPortal.Domain.Statistics;

/// <summary>A value at a moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Value">The value, in a unit of the caller.</param>
public readonly record struct TimedValue(DateTimeOffset Time, double Value);

/// <summary>Whether and how a series rises or falls.</summary>
/// <param name="Count">How many points were tested, after reduction to block means.</param>
/// <param name="SlopePerHour">Theil–Sen slope: the median slope of all pairs, in the values' unit per hour.</param>
/// <param name="PValue">The two-sided probability of so clear a trend by chance, 0–1, corrected for autocorrelation.</param>
/// <param name="Z">The standard normal statistic behind <paramref name="PValue"/>; positive when rising.</param>
/// <param name="Autocorrelation">The lag-1 autocorrelation of what is left without the trend; above 0 it has widened the variance.</param>
public sealed record TrendResult(int Count, double SlopePerHour, double PValue, double Z, double Autocorrelation);
