using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>Formats the numbers and names of findings.</summary>
internal static class EvidenceText
{
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["failures_looked_at"] = "Failures examined",
        ["failure_rate"] = "Failure rate",
        ["failure_rate_of_name"] = "Failure rate of this operation",
        ["failed_of_name"] = "Failures of this operation",
        ["share_of_error"] = "Failures with this error",
        ["success_rate_without"] = "Success rate without this error",
        ["found"] = "Problems found",
        ["share_that_finds_at_most"] = "Checks that find a problem, at most",
        ["time_of_checks"] = "Total check time",
        ["time_of_downloads"] = "Total download time",
        ["time_of_collections"] = "Total collection time",
        ["time_of_fallbacks"] = "Total fallback time",
        ["time_of_loading"] = "Total load time",
        ["observed_time"] = "Observed for",
        ["limit"] = "Usage limit",
        ["mean_above_limit"] = "Mean while above it",
        ["share_of_time"] = "Share of the time",
        ["cache_hit_share"] = "Cache hit rate",
        ["speed"] = "Download speed",
        ["speed_alone"] = "Speed of single downloads",
        ["speed_beside_others"] = "Speed of concurrent downloads",
        ["downloads_at_once"] = "Concurrent downloads, mean",
        ["downloads_alone"] = "Single downloads",
        ["downloads_beside_others"] = "Concurrent downloads",
        ["most_retries"] = "Retries, maximum",
        ["mean_retries"] = "Retries, mean",
        ["p95_duration"] = "P95 latency",
        ["p50_duration"] = "P50 latency",
        ["median_now"] = "Median now",
        ["median_before"] = "Median before",
        ["values_before"] = "Operations before",
        ["superiority"] = "Chance of being slower",
        ["performance_ratio"] = "Duration at the same mix of names",
        ["slow_operation_seconds"] = "Slow operation limit",
        ["slow_operations_of_name"] = "Slow operations of this name",
        ["disk_free_gb"] = "Free disk space",
        ["disk_total_gb"] = "Disk size",
        ["p_value"] = "Chance that it is noise",
        ["failure_share_before"] = "Failure rate before",
        ["failure_share_after"] = "Failure rate since",
        ["count_before"] = "Operations before",
        ["count_after"] = "Operations since",
        ["p50_before"] = "P50 before",
        ["p50_after"] = "P50 since",
        ["p95_before"] = "P95 before",
        ["p95_after"] = "P95 since",
        ["next_failure_probability"] = "Chance that the next one fails",
        ["next_failure_low"] = "at least (90 %)",
        ["next_failure_high"] = "at most (90 %)",
        ["failures_of_last_6_hours"] = "Failures in the last 6 h",
        ["failures_of_18_hours_before"] = "Failures in the 18 h before",
        ["silent_seconds"] = "Silent for",
        ["longest_pause_before"] = "Longest pause before",
        ["expected_low"] = "Usually at least",
        ["expected_high"] = "Usually at most",
        ["expected"] = "Usual",
        ["threshold"] = "Threshold on the way",
        ["threshold_reached_in_median"] = "Threshold probably in",
        ["reached_in_early"] = "At the earliest in (10 %)",
        ["reached_in_median"] = "Probably in",
        ["reached_in_late"] = "At the latest in (90 %)",
    };

    /// <summary>The name of an evidence number as people read it; a name without an entry becomes <see cref="Words"/>.</summary>
    public static string Title(string name) => Titles.GetValueOrDefault(name) ?? Words(name);

    /// <summary>How likely something is, 0–1, as people say it; the figure belongs into the details.</summary>
    public static string Likelihood(double share) => share switch
    {
        >= 0.95 => "Very likely",
        >= 0.8 => "Likely",
        >= 0.5 => "Probable",
        _ => "Possible",
    };

    /// <summary>What was measured of a bottleneck and its limit: a share says of what it is one.</summary>
    public static string Measured(Bottleneck item)
    {
        ArgumentNullException.ThrowIfNull(item);
        string value = Format.Value(item.Value, item.Unit);
        string limit = Format.Value(item.Threshold, item.Unit);
        return item.Kind switch
        {
            BottleneckKinds.HighFailureRate => $"{value} failed, the limit is {limit}",
            BottleneckKinds.SlowOperations => $"{value} took too long, the limit is {limit} of the operations",
            _ when IsShareOfTime(item) && item.Evidence.Numbers.FirstOrDefault(number => number.Name == "limit") is { } usage =>
                $"Above {Format.Value(usage.Value, usage.Unit)} for {value} of the time; "
                + (item.Threshold < Bottleneck.CriticalTimeShare ? $"a warning from {limit} of the time, critical from {Format.Ratio(Bottleneck.CriticalTimeShare)}" : $"critical from {limit} of the time"),
            _ => $"{value}, threshold {limit}",
        };
    }

    /// <summary>Whether value and threshold of a bottleneck are shares of the measured time.</summary>
    public static bool IsShareOfTime(Bottleneck item) => BottleneckKinds.IsResource(item.Kind) && item.Unit == "share";

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

    /// <summary>Formats the slope of a trend; <see cref="Format.None"/> when it is unknown, or not significant: a stable trend has none.</summary>
    public static string Slope(ResourceTrend trend) =>
        trend is { SlopePerHour: { } slope, Direction: not TrendDirection.Stable } ? Slope(slope, trend.Unit) : Format.None;

    /// <summary>Formats a slope with its sign: <c>+1.2 % per hour</c>.</summary>
    public static string Slope(double perHour, string unit) => $"{(perHour < 0 ? "−" : perHour > 0 ? "+" : "")}{Format.Value(Math.Abs(perHour), unit)} per hour";
}
