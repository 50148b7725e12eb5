using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>What a finding is about: a measure of the operations of a name, or a resource metric of a host.</summary>
/// <param name="Source">The source or host; <see langword="null"/> for all.</param>
/// <param name="MetricType">The metric type; <see langword="null"/> for a host, and for operations of several types.</param>
/// <param name="Name">The operation name; <see langword="null"/> for a host, and for operations of several names.</param>
/// <param name="Measure">The measure: one of <see cref="FindingMeasures"/>, or the wire name of a resource metric.</param>
public sealed record FindingSubject(string? Source, MetricType? MetricType, string? Name, string Measure);

/// <summary>The measures of operations that findings are about.</summary>
public static class FindingMeasures
{
    /// <summary>The duration, seconds.</summary>
    public const string Duration = "duration";

    /// <summary>The share of failed operations, 0–1.</summary>
    public const string FailureRate = "failure_rate";

    /// <summary>Operations per hour.</summary>
    public const string Throughput = "throughput";

    /// <summary>Whether anything is reported at all.</summary>
    public const string Reports = "reports";

    /// <summary>The integrity of a model, 0–1, as its health checks report it.</summary>
    public const string Integrity = "integrity";
}
