using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>Formats the numbers and names of findings.</summary>
internal static class EvidenceText
{
    /// <summary>Formats an evidence value with its unit.</summary>
    public static string Value(EvidenceNumber number) => number.Name == "p_value" ? Probability(number.Value) : Format.Value(number.Value, number.Unit);

    /// <summary>Formats a p-value, 0–1.</summary>
    public static string Probability(double? value) => value < 0.001 ? "< 0.001" : Format.Number(value);

    /// <summary>Converts a wire name to words: <c>p95_duration</c> becomes <c>P95 duration</c>.</summary>
    public static string Words(string name)
    {
        string words = string.Join(' ', name.Split('_').Select(word => word is "cpu" or "gpu" ? word.ToUpperInvariant() : word));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>Maps a severity to a health state.</summary>
    public static Health Health(Severity severity) => severity == Severity.Critical ? Text.Health.Critical : Text.Health.Warning;

    /// <summary>The name of what a trend is of. The trend of a disk is that of its free space.</summary>
    public static string Title(ResourceTrend trend) => trend.Resource == Sensors.Disk ? "Disk free" : Words(trend.Resource);

    /// <summary>Formats the slope of a trend; <see cref="Format.None"/> when it is unknown.</summary>
    public static string Slope(ResourceTrend trend) => trend.SlopePerHour is { } slope ? Slope(slope, trend.Unit) : Format.None;

    /// <summary>Formats a slope with its sign: <c>+1.2 % per hour</c>.</summary>
    public static string Slope(double perHour, string unit) => $"{(perHour < 0 ? "−" : perHour > 0 ? "+" : "")}{Format.Value(Math.Abs(perHour), unit)} per hour";
}
