namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>The wire names of <see cref="AlertComparison"/>.</summary>
public static class AlertComparisons
{
    /// <summary>The wire names, in the order of the values.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["above", "below"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this AlertComparison comparison) => WireNames[(int)comparison - 1];

    /// <summary>Returns the comparison with this wire name, or <see langword="null"/>.</summary>
    public static AlertComparison? Parse(string? name) => name switch { "above" => AlertComparison.Above, "below" => AlertComparison.Below, _ => null };
}

/// <summary>The wire names of <see cref="AlertPer"/>.</summary>
public static class AlertPers
{
    /// <summary>The wire names, in the order of the values.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["all", "source", "metric_type", "name"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this AlertPer per) => WireNames[(int)per - 1];

    /// <summary>Returns the division with this wire name, or <see langword="null"/>.</summary>
    public static AlertPer? Parse(string? name) => name switch
    {
        "all" => AlertPer.All,
        "source" => AlertPer.Source,
        "metric_type" => AlertPer.MetricType,
        "name" => AlertPer.Name,
        _ => null,
    };
}
