using System.Diagnostics.CodeAnalysis;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>All thresholds that are one number, with names, units and bounds; <see cref="PerformanceThresholds.SlowOperationSecondsByName"/> is not. The defaults are in <see cref="PerformanceThresholds"/>.</summary>
public static class ThresholdCatalog
{
    private const double MaxSeconds = 10_000_000;

    /// <summary>All thresholds, in display order.</summary>
    public static IReadOnlyList<ThresholdInfo> All { get; } =
        [.. Plain(), .. MetricTypes.All.Select(Slow), .. MetricTypes.All.Select(P95), .. MetricTypes.All.Select(Timeout)];

    /// <summary>The last of the slow limits per type; the limits of single names are shown after it.</summary>
    public static ThresholdInfo LastSlow { get; } = All.Last(info => info.WireName.StartsWith("slow_operation_seconds_", StringComparison.Ordinal));

    private static readonly Dictionary<string, ThresholdInfo> ByWireName = All.ToDictionary(info => info.WireName, StringComparer.Ordinal);

    /// <summary>Finds a threshold by its wire name, case-sensitively.</summary>
    public static bool TryFind(string wireName, [NotNullWhen(true)] out ThresholdInfo? info) => ByWireName.TryGetValue(wireName, out info);

    private static IEnumerable<ThresholdInfo> Plain()
    {
        yield return new()
        {
            WireName = "slow_operation_seconds",
            Key = "SlowOperationSeconds",
            Title = "Slow operation",
            Unit = "s",
            Min = 0.001,
            Max = MaxSeconds,
            Description = "An operation that takes longer than this is slow, unless its type or name has a limit of its own.",
            Get = t => t.SlowOperationSeconds,
            With = (t, value) => t with { SlowOperationSeconds = value },
        };
        yield return new()
        {
            WireName = "slow_operation_share",
            Key = "SlowOperationShare",
            Title = "Share of slow operations",
            Unit = "share",
            Min = 0,
            Max = 1,
            Description = "A larger share of slow operations is a bottleneck.",
            Get = t => t.SlowOperationShare,
            With = (t, value) => t with { SlowOperationShare = value },
        };
        yield return new()
        {
            WireName = "p95_duration_seconds",
            Key = "P95DurationSeconds",
            Title = "P95 duration",
            Unit = "s",
            Min = 0.001,
            Max = MaxSeconds,
            Description = "A name whose P95 duration is above this loses points, unless its type has a limit of its own.",
            Get = t => t.P95DurationSeconds,
            With = (t, value) => t with { P95DurationSeconds = value },
        };
        yield return new()
        {
            WireName = "failure_rate",
            Key = "FailureRate",
            Title = "Failure rate",
            Unit = "share",
            Min = 0,
            Max = 1,
            Description = "A higher failure rate is a bottleneck.",
            Get = t => t.FailureRate,
            With = (t, value) => t with { FailureRate = value },
        };
        yield return new()
        {
            WireName = "high_cpu_percent",
            Key = "HighCpuPercent",
            Title = "High CPU usage",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "CPU usage above this is high.",
            Get = t => t.HighCpuPercent,
            With = (t, value) => t with { HighCpuPercent = value },
        };
        yield return new()
        {
            WireName = "high_memory_percent",
            Key = "HighMemoryPercent",
            Title = "High memory usage",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "Memory usage above this is high.",
            Get = t => t.HighMemoryPercent,
            With = (t, value) => t with { HighMemoryPercent = value },
        };
        yield return new()
        {
            WireName = "resource_share",
            Key = "ResourceShare",
            Title = "Share of time above the limit",
            Unit = "share",
            Min = 0,
            Max = 1,
            Description = "A resource above its limit for more than this share of the time is a bottleneck.",
            Get = t => t.ResourceShare,
            With = (t, value) => t with { ResourceShare = value },
        };
        yield return new()
        {
            WireName = "low_disk_gb",
            Key = "LowDiskGb",
            Title = "Low disk space",
            Unit = "GiB",
            Min = 0,
            Max = 1_000_000,
            Description = "Free disk space below this is low.",
            Get = t => t.LowDiskGb,
            With = (t, value) => t with { LowDiskGb = value },
        };
        yield return new()
        {
            WireName = "high_gpu_memory_percent",
            Key = "HighGpuMemoryPercent",
            Title = "High GPU memory usage",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "GPU memory usage above this is high.",
            Get = t => t.HighGpuMemoryPercent,
            With = (t, value) => t with { HighGpuMemoryPercent = value },
        };
        yield return new()
        {
            WireName = "degradation_ratio",
            Key = "DegradationRatio",
            Title = "Degradation",
            Unit = "ratio",
            Min = 1.05,
            Max = 10,
            Description = "An operation whose median duration grew by at least this factor has degraded.",
            Get = t => t.DegradationRatio,
            With = (t, value) => t with { DegradationRatio = value },
        };
    }

    private static ThresholdInfo Slow(MetricType type) => new()
    {
        WireName = "slow_operation_seconds_" + type.WireName(),
        Key = "SlowOperationSeconds" + type,
        Title = "Slow operation: " + OperationNouns.Plural(type),
        Unit = "s",
        Min = 0,
        Max = MaxSeconds,
        Description = $"A {OperationNouns.Singular(type)} that takes longer than this is slow; 0 for the general limit.",
        Get = t => t.SlowOperationSecondsByType[type],
        With = (t, value) => t with { SlowOperationSecondsByType = t.SlowOperationSecondsByType.With(type, value) },
    };

    private static ThresholdInfo P95(MetricType type) => new()
    {
        WireName = "p95_duration_seconds_" + type.WireName(),
        Key = "P95DurationSeconds" + type,
        Title = "P95 duration: " + OperationNouns.Plural(type),
        Unit = "s",
        Min = 0,
        Max = MaxSeconds,
        Description = $"A name of {OperationNouns.Plural(type)} whose P95 duration is above this loses points; 0 for the general limit.",
        Get = t => t.P95DurationSecondsByType[type],
        With = (t, value) => t with { P95DurationSecondsByType = t.P95DurationSecondsByType.With(type, value) },
    };

    private static ThresholdInfo Timeout(MetricType type) => new()
    {
        WireName = "operation_timeout_seconds_" + type.WireName(),
        Key = "OperationTimeoutSeconds:" + type.WireName(),
        Title = "Timeout of " + OperationNouns.Plural(type),
        Unit = "s",
        Min = 1,
        Max = MaxSeconds,
        Description = $"A {OperationNouns.Singular(type)} that runs longer than this is overdue.",
        Get = t => t.OperationTimeoutSeconds[type],
        With = (t, value) => t with { OperationTimeoutSeconds = t.OperationTimeoutSeconds.With(type, value) },
    };
}
