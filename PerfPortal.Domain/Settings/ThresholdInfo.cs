using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Settings;

/// <summary>Describes a threshold; used by the pages, the API and the start-up check.</summary>
public sealed record ThresholdInfo
{
    /// <summary>The wire name, in snake_case.</summary>
    public required string WireName { get; init; }

    /// <summary>The key under <c>PerfPortal:PerformanceThresholds</c>, without that prefix.</summary>
    public required string Key { get; init; }

    /// <summary>The display name.</summary>
    public required string Title { get; init; }

    /// <summary>The unit: <c>s</c>, <c>%</c>, <c>GiB</c>, <c>share</c> (0–1) or <c>ratio</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The minimum value.</summary>
    public required double Min { get; init; }

    /// <summary>The maximum value.</summary>
    public required double Max { get; init; }

    /// <summary>A description in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Returns the value from a set of thresholds.</summary>
    public required Func<PerformanceThresholds, double> Get { get; init; }

    /// <summary>Returns a copy of a set of thresholds with another value, without checking the bounds.</summary>
    public required Func<PerformanceThresholds, double, PerformanceThresholds> With { get; init; }

    /// <summary>The default value.</summary>
    public double Default => Get(PerformanceThresholds.Default);

    /// <summary>The bounds in words, such as "from 1 to 100 %".</summary>
    public string Limits => Bounds.InWords(Min, Max, Unit);

    /// <summary>Whether <paramref name="value"/> is within the bounds; NaN is not.</summary>
    public bool Allows(double value) => value >= Min && value <= Max;
}

/// <summary>Formats bounds for people.</summary>
internal static class Bounds
{
    public static string InWords(double min, double max, string? unit) => $"from {Format.Exact(min)} to {Format.Exact(max, unit)}";
}
