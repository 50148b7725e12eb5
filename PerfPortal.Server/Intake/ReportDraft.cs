using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// What a report of an operation carries, as plain values that no rule has been applied to. A reader fills it, and
/// <see cref="OperationValidator"/> makes an operation of it. What is absent is <see langword="null"/>.
/// </summary>
internal struct ReportDraft
{
    public Guid? Id;
    public MetricType? MetricType;
    public string? Name;
    public string? Source;

    /// <summary>UTC, as is <see cref="EndTime"/>.</summary>
    public DateTimeOffset? StartTime;
    public DateTimeOffset? EndTime;
    public double? DurationSeconds;
    public bool? Success;
    public OperationStatus? Status;
    public string? ErrorType;
    public string? ErrorMessage;
    public ProgressDraft? Progress;

    /// <summary>In their order; names may repeat, and a null removes a member.</summary>
    public ReadOnlyMemory<KeyValuePair<string, MetadataValue>> Metadata;

    /// <summary>The size of the metadata as JSON, UTF-8.</summary>
    public long MetadataBytes;

    public Dictionary<string, double>? ResourceUsage;

    /// <summary>Hex digits in either case, as are <see cref="SpanId"/> and <see cref="ParentId"/>.</summary>
    public string? TraceId;
    public string? SpanId;
    public string? ParentId;
}

/// <summary>Progress as it is reported, before it is checked.</summary>
internal readonly record struct ProgressDraft(double? Done, double? Total, string? Unit);

/// <summary>What an update changes.</summary>
/// <param name="Progress">The progress, or <see langword="null"/> when it was not reported.</param>
/// <param name="Metadata">Changes to the metadata, in their order; a null removes a member.</param>
internal sealed record OperationUpdate(Progress? Progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> Metadata);
