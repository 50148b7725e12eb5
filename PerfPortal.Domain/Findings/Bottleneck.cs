using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Findings;

/// <summary>The wire names of the kinds of bottleneck.</summary>
public static class BottleneckKinds
{
    /// <summary>Too many operations are slow.</summary>
    public const string SlowOperations = "slow_operations";

    /// <summary>Too many operations fail.</summary>
    public const string HighFailureRate = "high_failure_rate";

    /// <summary>A host's CPU usage is high for too much of the time.</summary>
    public const string HighCpu = "high_cpu";

    /// <summary>A host's memory usage is high for too much of the time.</summary>
    public const string HighMemory = "high_memory";

    /// <summary>A disk is nearly full.</summary>
    public const string LowDisk = "low_disk";

    /// <summary>A host's GPU memory usage is high for too much of the time.</summary>
    public const string HighGpuMemory = "high_gpu_memory";

    /// <summary>An operation takes much longer than in the baseline.</summary>
    public const string Degradation = "degradation";

    /// <summary>Whether the kind is about a host's resources.</summary>
    public static bool IsResource(string kind) => kind is HighCpu or HighMemory or LowDisk or HighGpuMemory;
}

/// <summary>A performance problem, with its evidence.</summary>
public sealed record Bottleneck
{
    /// <summary>The share of the time, 0–1, above which high usage of a resource is critical.</summary>
    public const double CriticalTimeShare = 0.5;

    /// <summary>The kind, one of <see cref="BottleneckKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The severity.</summary>
    public required Severity Severity { get; init; }

    /// <summary>A one-sentence description with the measured value.</summary>
    public required string Sentence { get; init; }

    /// <summary>The measured value, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>The threshold that the value exceeded, in <see cref="Unit"/>.</summary>
    public required double Threshold { get; init; }

    /// <summary>The unit of value and threshold: <c>share</c> (0–1), <c>GiB</c> or <c>ratio</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>When its condition began by the data, as defined by the rule of the kind; <see langword="null"/> when unknown.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How to find <see cref="Since"/> from rollups; <see langword="null"/> where the rule knows it or once it is found.</summary>
    internal OnsetQuery? Onset { get; init; }

    /// <summary>The affected host or service; <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The affected metric type, or the one that contributes most.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The affected operation name, or the one that contributes most.</summary>
    public string? OperationName { get; init; }

    /// <summary>The evidence.</summary>
    public BottleneckEvidence Evidence { get; init; } = new();
}

/// <summary>The evidence for a bottleneck.</summary>
public sealed record BottleneckEvidence
{
    /// <summary>The number of operations, or of minutes with samples.</summary>
    public long SampleCount { get; init; }

    /// <summary>The number of samples beyond the limit.</summary>
    public long BeyondLimit { get; init; }

    /// <summary>The share beyond the limit, 0–1, of operations or of measured time.</summary>
    public double? Share { get; init; }

    /// <summary>Additional numbers, such as the p-value of a test.</summary>
    public IReadOnlyList<EvidenceNumber> Numbers { get; init; } = [];

    /// <summary>The worst operations, at most 5.</summary>
    public IReadOnlyList<OperationReference> WorstOperations { get; init; } = [];

    /// <summary>The longest periods in which a resource was beyond its limit, at most 20, in chronological order.</summary>
    public IReadOnlyList<TimeRange> Stretches { get; init; } = [];

    /// <summary>Operations that were running in the longest period, longest first, at most 10.</summary>
    public IReadOnlyList<OperationReference> Running { get; init; } = [];

    /// <summary>The longest period, or <see langword="null"/>.</summary>
    public TimeRange? LongestStretch => Stretches.Count == 0 ? null : Stretches.MaxBy(stretch => stretch.Length);
}
