using System.Diagnostics.CodeAnalysis;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>Every threshold with its names, unit, default and bounds.</summary>
public static class ThresholdCatalog
{
    private const double MaxSeconds = 10_000_000;

    /// <summary>Every threshold, in the order in which a page shows them.</summary>
    public static IReadOnlyList<ThresholdInfo> All { get; } = [.. Plain(), .. MetricTypes.All.Select(Timeout)];

    private static readonly Dictionary<string, ThresholdInfo> ByWireName = All.ToDictionary(info => info.WireName, StringComparer.Ordinal);

    /// <summary>Finds a threshold by its wire name, exactly as it is written in the contract.</summary>
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
            Description = "An operation that takes longer than this is slow.",
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
            Description = "More slow operations than this share make a bottleneck.",
            Get = t => t.SlowOperationShare,
            With = (t, value) => t with { SlowOperationShare = value },
        };
        yield return new()
        {
            WireName = "failure_rate",
            Key = "FailureRate",
            Title = "Failure rate",
            Unit = "share",
            Min = 0,
            Max = 1,
            Description = "More failed operations than this share make a bottleneck.",
            Get = t => t.FailureRate,
            With = (t, value) => t with { FailureRate = value },
        };
        yield return new()
        {
            WireName = "high_cpu_percent",
            Key = "HighCpuPercent",
            Title = "High processor use",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "Above this the processors count as busy.",
            Get = t => t.HighCpuPercent,
            With = (t, value) => t with { HighCpuPercent = value },
        };
        yield return new()
        {
            WireName = "high_memory_percent",
            Key = "HighMemoryPercent",
            Title = "High memory use",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "Above this the memory counts as short.",
            Get = t => t.HighMemoryPercent,
            With = (t, value) => t with { HighMemoryPercent = value },
        };
        yield return new()
        {
            WireName = "resource_share",
            Key = "ResourceShare",
            Title = "Share of time under pressure",
            Unit = "share",
            Min = 0,
            Max = 1,
            Description = "A resource above its limit for more than this share of the time makes a bottleneck.",
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
            Description = "Below this much free space the disk counts as short.",
            Get = t => t.LowDiskGb,
            With = (t, value) => t with { LowDiskGb = value },
        };
        yield return new()
        {
            WireName = "high_gpu_memory_percent",
            Key = "HighGpuMemoryPercent",
            Title = "High graphics memory use",
            Unit = "%",
            Min = 1,
            Max = 100,
            Description = "Above this the graphics memory counts as short.",
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
            Description = "An operation that takes this many times as long as before has degraded.",
            Get = t => t.DegradationRatio,
            With = (t, value) => t with { DegradationRatio = value },
        };
    }

    private static ThresholdInfo Timeout(MetricType type) => new()
    {
        WireName = "operation_timeout_seconds_" + type.WireName(),
        Key = "OperationTimeoutSeconds:" + type.WireName(),
        Title = "Timeout, " + type.WireName(),
        Unit = "s",
        Min = 1,
        Max = MaxSeconds,
        Description = $"An operation of type {type.WireName()} that runs longer than this is overdue.",
        Get = t => t.OperationTimeoutSeconds[type],
        With = (t, value) => t with { OperationTimeoutSeconds = t.OperationTimeoutSeconds.With(type, value) },
    };
}
