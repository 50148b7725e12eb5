namespace PerfPortal.Domain.Settings;

/// <summary>
/// The limits beyond which the analysis speaks up. Defaults, units and bounds of every member stand in <see cref="ThresholdCatalog"/>.
/// </summary>
public sealed record PerformanceThresholds
{
    /// <summary>The thresholds of a portal that nobody has configured.</summary>
    public static PerformanceThresholds Default { get; } = new();

    /// <summary>An operation that takes longer is slow, in seconds. Default 30.</summary>
    public double SlowOperationSeconds { get; init; } = 30;

    /// <summary>The share of slow operations that makes a bottleneck, 0–1. Default 0.1.</summary>
    public double SlowOperationShare { get; init; } = 0.1;

    /// <summary>The share of failed operations that makes a bottleneck, 0–1. Default 0.05.</summary>
    public double FailureRate { get; init; } = 0.05;

    /// <summary>Processor use from which the host counts as busy, in percent. Default 80.</summary>
    public double HighCpuPercent { get; init; } = 80;

    /// <summary>Memory use from which memory counts as short, in percent. Default 85.</summary>
    public double HighMemoryPercent { get; init; } = 85;

    /// <summary>The share of time above a resource's limit that makes a bottleneck, 0–1. Default 0.2.</summary>
    public double ResourceShare { get; init; } = 0.2;

    /// <summary>Free disk space below which the disk counts as short, in GiB. Default 5.</summary>
    public double LowDiskGb { get; init; } = 5;

    /// <summary>Use of graphics memory from which it counts as short, in percent. Default 90.</summary>
    public double HighGpuMemoryPercent { get; init; } = 90;

    /// <summary>How many times longer than before an operation must take to count as degraded. Default 1.5.</summary>
    public double DegradationRatio { get; init; } = 1.5;

    /// <summary>How long an operation may run before it counts as overdue, in seconds, per metric type. Default 86,400.</summary>
    public PerMetricType<double> OperationTimeoutSeconds { get; init; } = new(86_400);
}
