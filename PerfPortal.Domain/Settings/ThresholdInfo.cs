using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Settings;

/// <summary>What is to be known about one threshold: the page, the API and the start-up check all read it here.</summary>
public sealed record ThresholdInfo
{
    /// <summary>The name on the wire, in snake_case.</summary>
    public required string WireName { get; init; }

    /// <summary>The key under <c>PerfPortal:PerformanceThresholds</c>, without that prefix.</summary>
    public required string Key { get; init; }

    /// <summary>The name for a person.</summary>
    public required string Title { get; init; }

    /// <summary>The unit: <c>s</c>, <c>%</c>, <c>GiB</c>, <c>share</c> (0–1) or <c>ratio</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The smallest value that is taken.</summary>
    public required double Min { get; init; }

    /// <summary>The largest value that is taken.</summary>
    public required double Max { get; init; }

    /// <summary>What the threshold does, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Reads the value out of a set of thresholds.</summary>
    public required Func<PerformanceThresholds, double> Get { get; init; }

    /// <summary>Gives a copy of a set of thresholds with another value; does not check the bounds.</summary>
    public required Func<PerformanceThresholds, double, PerformanceThresholds> With { get; init; }

    /// <summary>The value of a portal that nobody has configured.</summary>
    public double Default => Get(PerformanceThresholds.Default);

    /// <summary>The limits in words, such as "from 1 to 100 %".</summary>
    public string Limits => Bounds.InWords(Min, Max, Unit);

    /// <summary>Says whether <paramref name="value"/> lies within the bounds; NaN does not.</summary>
    public bool Allows(double value) => value >= Min && value <= Max;
}

/// <summary>Bounds as a person reads them.</summary>
internal static class Bounds
{
    public static string InWords(double min, double max, string? unit) => $"from {Format.Exact(min)} to {Format.Exact(max, unit)}";
}
