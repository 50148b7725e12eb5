using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Text;

/// <summary>Formats the numbers and names of findings.</summary>
internal static class EvidenceText
{
    /// <summary>Formats a number of the evidence with its unit.</summary>
    public static string Value(EvidenceNumber number) => number.Name == "p_value" ? Probability(number.Value) : Value(number.Value, number.Unit);

    /// <summary>Formats a number with a unit used in findings: <c>share</c> is 0–1, <c>ratio</c> a factor, <c>GiB</c> and <c>MiB</c> scale to the nearest size unit.</summary>
    public static string Value(double? value, string unit) => unit switch
    {
        "share" => Numbers.Ratio(value),
        "ratio" => value is null ? Numbers.None : Numbers.Plain(value) + " ×",
        "GiB" => Numbers.Bytes(value * 1024 * 1024 * 1024),
        "MiB" => Numbers.Bytes(value * 1024 * 1024),
        "B" => Numbers.Bytes(value),
        "B/s" => Numbers.Value(value, "bytes/s"),
        _ => Numbers.Value(value, unit),
    };

    /// <summary>Formats a p-value, 0–1.</summary>
    public static string Probability(double? value) => value < 0.001 ? "< 0.001" : Numbers.Plain(value);

    /// <summary>Turns a wire name into words: <c>p95_duration</c> becomes <c>P95 duration</c>.</summary>
    public static string Words(string name)
    {
        string words = string.Join(' ', name.Split('_').Select(word => word is "cpu" or "gpu" ? word.ToUpperInvariant() : word));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The health that a severity maps to.</summary>
    public static Health Health(Severity severity) => severity == Severity.Critical ? Text.Health.Critical : Text.Health.Warning;

    /// <summary>Formats the slope of a trend; <see cref="Numbers.None"/> when it is unknown.</summary>
    public static string Slope(ResourceTrend trend) => trend.SlopePerHour is { } slope ? Slope(slope, trend.Unit) : Numbers.None;

    /// <summary>Formats a slope with its sign: <c>+1.2 % per hour</c>.</summary>
    public static string Slope(double perHour, string unit) => $"{(perHour < 0 ? "−" : "+")}{Value(Math.Abs(perHour), unit)} per hour";
}
