using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>
/// The thresholds of the analysis. <see cref="ThresholdCatalog"/> defines the default, unit and bounds of every member.
/// </summary>
public sealed record PerformanceThresholds
{
    /// <summary>The default thresholds.</summary>
    public static PerformanceThresholds Default { get; } = new();

    /// <summary>The duration above which an operation of a type without a limit of its own is slow, in seconds. Default 30.</summary>
    public double SlowOperationSeconds { get; init; } = 30;

    /// <summary>
    /// The same per metric type, in seconds; 0 means <see cref="SlowOperationSeconds"/>. Default 600 for downloads, which move gigabytes, 120 for health checks, which read
    /// them, and 0 for the others.
    /// </summary>
    public PerMetricType<double> SlowOperationSecondsByType { get; init; } = new PerMetricType<double>(0).With(MetricType.DownloadOperation, 600).With(MetricType.HealthCheck, 120);

    /// <summary>The same per operation name, in seconds, for names whose normal duration differs from that of their type. Default none.</summary>
    public NameLimits SlowOperationSecondsByName { get; init; } = NameLimits.None;

    /// <summary>The P95 duration above which the score loses points, in seconds, for a type without a limit of its own. Default 60.</summary>
    public double P95DurationSeconds { get; init; } = 60;

    /// <summary>The same per metric type, in seconds; 0 means <see cref="P95DurationSeconds"/>. Default twice the slow limit for downloads and health checks, 0 for the others.</summary>
    public PerMetricType<double> P95DurationSecondsByType { get; init; } = new PerMetricType<double>(0).With(MetricType.DownloadOperation, 1200).With(MetricType.HealthCheck, 240);

    /// <summary>The share of slow operations above which they are a bottleneck, 0–1. Default 0.1.</summary>
    public double SlowOperationShare { get; init; } = 0.1;

    /// <summary>The failure rate above which it is a bottleneck, 0–1. Default 0.05.</summary>
    public double FailureRate { get; init; } = 0.05;

    /// <summary>The CPU usage above which it counts as high, in percent. Default 80.</summary>
    public double HighCpuPercent { get; init; } = 80;

    /// <summary>The memory usage above which it counts as high, in percent. Default 85.</summary>
    public double HighMemoryPercent { get; init; } = 85;

    /// <summary>The share of time above its limit that makes a resource a bottleneck, 0–1. Default 0.2.</summary>
    public double ResourceShare { get; init; } = 0.2;

    /// <summary>The free disk space below which it counts as low, in GiB. Default 5.</summary>
    public double LowDiskGb { get; init; } = 5;

    /// <summary>The GPU memory usage above which it counts as high, in percent. Default 90.</summary>
    public double HighGpuMemoryPercent { get; init; } = 90;

    /// <summary>The ratio of the current to the previous median duration from which an operation counts as degraded. Default 1.5.</summary>
    public double DegradationRatio { get; init; } = 1.5;

    /// <summary>The run time after which an operation is overdue, in seconds, per metric type. Default 86,400.</summary>
    public PerMetricType<double> OperationTimeoutSeconds { get; init; } = new(86_400);

    /// <summary>The duration in seconds above which an operation is slow: the limit of its name, else that of its type, else the general one.</summary>
    public double SlowLimit(MetricType type, string name) =>
        SlowOperationSecondsByName.TryGetValue(name, out double own) ? own : SlowLimit(type);

    /// <summary>The duration in seconds above which an operation of a type is slow, unless its name has a limit of its own.</summary>
    public double SlowLimit(MetricType type) => SlowOperationSecondsByType[type] is > 0 and var own ? own : SlowOperationSeconds;

    /// <summary>The P95 duration in seconds above which a name loses points: that of its type, but never below the limit from which the name itself is slow.</summary>
    public double P95Limit(MetricType type, string name)
    {
        double limit = P95DurationSecondsByType[type] is > 0 and var own ? own : P95DurationSeconds;
        return SlowOperationSecondsByName.TryGetValue(name, out double slow) ? Math.Max(limit, slow) : limit;
    }
}
