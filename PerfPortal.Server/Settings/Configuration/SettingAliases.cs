using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>
/// The names of a setting: its key in the section, and for the settings of the source document also the snake_case name in the section
/// and at the root. When one provider specifies a setting twice, the lower rank wins.
/// </summary>
internal static class SettingAliases
{
    private const string Thresholds = "PerformanceThresholds";
    private const string Timeouts = "OperationTimeoutSeconds";

    private static readonly Dictionary<string, string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["resource_sample_interval"] = "ResourceSampleInterval",
        ["metrics_retention_hours"] = "MetricsRetentionHours",
        ["dashboard_cache_ttl"] = "DashboardCacheTtl",
        ["enable_gpu_monitoring"] = "EnableGpuMonitoring",
        ["performance_thresholds"] = Thresholds,
    };

    private static readonly Dictionary<string, string> Members = ThresholdCatalog.All
        .Select(info => KeyValuePair.Create(info.WireName, info.Key))
        .Append(KeyValuePair.Create("operation_timeout_seconds", Timeouts))
        .Append(KeyValuePair.Create(ThresholdDocument.SlowByName, "SlowOperationSecondsByName"))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether a key at the root of a provider can belong to the portal.</summary>
    public static bool IsRoot(string key) =>
        Settings.ContainsKey(key) || key.Equals(SettingsCatalog.Section, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Converts a full key to the canonical key relative to the section: <c>performance_thresholds:high_cpu_percent</c> becomes
    /// <c>PerformanceThresholds:HighCpuPercent</c>.
    /// </summary>
    /// <returns>The key and the rank of its spelling; 0 is the canonical spelling.</returns>
    public static (string Key, int Rank) Resolve(string fullKey)
    {
        string[] parts = fullKey.Split(':');
        bool inSection = parts[0].Equals(SettingsCatalog.Section, StringComparison.OrdinalIgnoreCase);
        int first = inSection ? 1 : 0;
        int rank = inSection ? 0 : 4;
        if (parts.Length <= first)
        {
            return ("", rank);
        }

        if (Settings.TryGetValue(parts[first], out string? setting))
        {
            parts[first] = setting;
            rank += 2;
        }

        if (parts.Length > first + 1 && parts[first].Equals(Thresholds, StringComparison.OrdinalIgnoreCase)
            && Members.TryGetValue(parts[first + 1], out string? member))
        {
            parts[first + 1] = member;
            rank += 1;
        }

        return (string.Join(':', parts[first..]), rank);
    }

    /// <summary>Returns the key, relative to the section, of a setting's value for a metric type.</summary>
    public static string PerType(string setting, MetricType type) => setting + ":" + type.WireName();
}
