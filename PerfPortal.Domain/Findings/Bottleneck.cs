using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Findings;

/// <summary>The wire names of the kinds of bottleneck.</summary>
public static class BottleneckKinds
{
    /// <summary>Too large a share of operations is slow.</summary>
    public const string SlowOperations = "slow_operations";

    /// <summary>Too large a share of operations fails.</summary>
    public const string HighFailureRate = "high_failure_rate";

    /// <summary>The processors of a host are busy for too much of the time.</summary>
    public const string HighCpu = "high_cpu";

    /// <summary>The memory of a host is short for too much of the time.</summary>
    public const string HighMemory = "high_memory";

    /// <summary>A disk is nearly full.</summary>
    public const string LowDisk = "low_disk";

    /// <summary>The graphics memory of a host is short for too much of the time.</summary>
    public const string HighGpuMemory = "high_gpu_memory";

    /// <summary>An operation takes much longer than before.</summary>
    public const string Degradation = "degradation";

    /// <summary>Whether the kind is about a host's resources.</summary>
    public static bool IsResource(string kind) => kind is HighCpu or HighMemory or LowDisk or HighGpuMemory;
}

/// <summary>What holds the portal's users up, with the evidence.</summary>
public sealed record Bottleneck
{
    /// <summary>The kind, one of <see cref="BottleneckKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>How much it matters.</summary>
    public required Severity Severity { get; init; }

    /// <summary>One sentence for a person, with its number.</summary>
    public required string Sentence { get; init; }

    /// <summary>The measured value, in <see cref="Unit"/>.</summary>
    public required double Value { get; init; }

    /// <summary>The threshold that the value passed, in <see cref="Unit"/>.</summary>
    public required double Threshold { get; init; }

    /// <summary>The unit of value and threshold: <c>share</c> (0–1), <c>GiB</c> or <c>ratio</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>When it began: see the rule of the kind; <see langword="null"/> when that cannot be said.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The host or service that it is of; <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The metric type that it is of, or the one that contributes most.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The operation name that it is of, or the one that contributes most.</summary>
    public string? OperationName { get; init; }

    /// <summary>What it was concluded from.</summary>
    public BottleneckEvidence Evidence { get; init; } = new();
}

/// <summary>What a bottleneck was concluded from.</summary>
public sealed record BottleneckEvidence
{
    /// <summary>How many operations were counted, or how many minutes of samples.</summary>
    public long SampleCount { get; init; }

    /// <summary>How many of them lie beyond the limit.</summary>
    public long BeyondLimit { get; init; }

    /// <summary>The share beyond the limit, 0–1: of operations, or of the measured time.</summary>
    public double? Share { get; init; }

    /// <summary>Further numbers, such as the p-value of a test.</summary>
    public IReadOnlyList<EvidenceNumber> Numbers { get; init; } = [];

    /// <summary>The worst operations behind it, at most 5.</summary>
    public IReadOnlyList<OperationReference> WorstOperations { get; init; } = [];

    /// <summary>When a resource was beyond its limit: the longest stretches, at most 20, in order of time.</summary>
    public IReadOnlyList<TimeRange> Stretches { get; init; } = [];

    /// <summary>Operations that ran in the longest stretch, longest first, at most 10.</summary>
    public IReadOnlyList<OperationReference> Running { get; init; } = [];

    /// <summary>The longest stretch, if there is any.</summary>
    public TimeRange? LongestStretch => Stretches.Count == 0 ? null : Stretches.MaxBy(stretch => stretch.Length);
}
