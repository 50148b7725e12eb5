using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// The values of an operation report before validation. A reader fills it, and
/// <see cref="OperationValidator"/> creates an operation from it. Missing values are <see langword="null"/>.
/// </summary>
internal struct ReportDraft
{
    public Guid? Id;
    public MetricType? MetricType;
    public string? Name;
    public string? Source;

    /// <summary>The start time in UTC, like <see cref="EndTime"/>.</summary>
    public DateTimeOffset? StartTime;
    public DateTimeOffset? EndTime;
    public double? DurationSeconds;
    public bool? Success;
    public OperationStatus? Status;
    public string? ErrorType;
    public string? ErrorMessage;
    public ProgressDraft? Progress;

    /// <summary>The metadata in the reported order; names can repeat, and null removes a member.</summary>
    public ReadOnlyMemory<KeyValuePair<string, MetadataValue>> Metadata;

    /// <summary>The size of the metadata as JSON, UTF-8.</summary>
    public long MetadataBytes;

    public Dictionary<string, double>? ResourceUsage;

    /// <summary>Hex digits in upper or lower case, like <see cref="SpanId"/> and <see cref="ParentId"/>.</summary>
    public string? TraceId;
    public string? SpanId;
    public string? ParentId;
}

/// <summary>Reported progress before validation.</summary>
internal readonly record struct ProgressDraft(double? Done, double? Total, string? Unit);

/// <summary>The changes of an update.</summary>
/// <param name="Progress">The progress, or <see langword="null"/> when it was not reported.</param>
/// <param name="Metadata">The metadata changes in the reported order; null removes a member.</param>
internal sealed record OperationUpdate(Progress? Progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> Metadata);
