using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Components.Controls;

namespace PerfPortal.Server.Components.Pages.Insights;

/// <summary>Findings as people read them.</summary>
internal static class EvidenceText
{
    /// <summary>A number of the evidence with its unit.</summary>
    public static string Value(EvidenceNumber number) => number.Name == "p_value" ? Probability(number.Value) : Value(number.Value, number.Unit);

    /// <summary>A number with a unit of findings: <c>share</c> is 0–1, <c>ratio</c> a factor.</summary>
    public static string Value(double? value, string unit) => unit switch
    {
        "share" => Numbers.Ratio(value),
        "ratio" => value is null ? Numbers.None : Numbers.Plain(value) + " ×",
        "B/s" => Numbers.Value(value, "bytes/s"),
        _ => Numbers.Value(value, unit),
    };

    /// <summary>A probability of a test, 0–1; what is smaller than anybody cares about is not written out.</summary>
    public static string Probability(double? value) => value < 0.001 ? "< 0.001" : Numbers.Plain(value);

    /// <summary>A word of programs for people: <c>p95_duration</c> becomes <c>P95 duration</c>.</summary>
    public static string Words(string name)
    {
        string words = string.Join(' ', name.Split('_').Select(word => word is "cpu" or "gpu" ? word.ToUpperInvariant() : word));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>What a bottleneck is called in an address: its kind and its subject.</summary>
    public static string Key(Bottleneck bottleneck) => bottleneck.Kind == BottleneckKinds.Degradation
        ? $"{bottleneck.Kind}:{bottleneck.MetricType?.WireName()}:{bottleneck.OperationName}"
        : bottleneck.Source is null ? bottleneck.Kind : $"{bottleneck.Kind}:{bottleneck.Source}";

    /// <summary>A severity as the pages show states.</summary>
    public static Health Health(Severity severity) => severity == Severity.Critical ? Controls.Health.Critical : Controls.Health.Warning;

    /// <summary>What a trend's slope says per hour, with its sign.</summary>
    public static string Slope(ResourceTrend trend) => trend.SlopePerHour is not { } slope
        ? Numbers.None
        : (slope > 0 ? "+" : "") + (trend.Unit == "B/s" ? Numbers.Value(slope, "bytes/s") : $"{Numbers.Plain(slope)} {trend.Unit}") + " per h";
}
