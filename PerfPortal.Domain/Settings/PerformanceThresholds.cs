namespace PerfPortal.Domain.Settings;

/// <summary>
/// The thresholds of the analysis. <see cref="ThresholdCatalog"/> defines the default, unit and bounds of every member.
/// </summary>
public sealed record PerformanceThresholds
{
    /// <summary>The default thresholds.</summary>
    public static PerformanceThresholds Default { get; } = new();

    /// <summary>The duration above which an operation is slow, in seconds. Default 30.</summary>
    public double SlowOperationSeconds { get; init; } = 30;

    /// <summary>The share of slow operations above which they are a bottleneck, 0–1. Default 0.1.</summary>
    public double SlowOperationShare { get; init; } = 0.1;

    /// <summary>The error rate above which it is a bottleneck, 0–1. Default 0.05.</summary>
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
}
