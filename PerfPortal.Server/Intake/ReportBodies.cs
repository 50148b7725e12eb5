using System.ComponentModel.DataAnnotations;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>The start of an operation.</summary>
/// <param name="Id">A UUID; generated when missing.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name; not only white space.</param>
/// <param name="Source">The source; defaults to the name of the access key or the caller's address.</param>
/// <param name="StartTime">The start time, at most 5 minutes in the future; defaults to now.</param>
/// <param name="Metadata">Facts about the operation.</param>
/// <param name="Progress">The progress.</param>
/// <param name="TraceId">W3C trace id: 32 hex digits that are not all zero.</param>
/// <param name="SpanId">W3C span id: 16 hex digits that are not all zero.</param>
/// <param name="ParentId">The UUID of the parent operation, or the id of the parent span.</param>
internal sealed record StartBody(
    Guid? Id,
    MetricType MetricType,
    [property: StringLength(OperationLimits.NameCharacters, MinimumLength = 1)] string OperationName,
    [property: StringLength(OperationLimits.SourceCharacters)] string? Source,
    DateTimeOffset? StartTime,
    Metadata? Metadata,
    ProgressReport? Progress,
    [property: RegularExpression(IdPatterns.Trace)] string? TraceId,
    [property: RegularExpression(IdPatterns.Span)] string? SpanId,
    [property: RegularExpression(IdPatterns.Parent)] string? ParentId) : IRequestBody;

/// <summary>Reported progress.</summary>
/// <param name="Done">The completed amount.</param>
/// <param name="Total">The total amount; an update without it keeps the known one.</param>
/// <param name="Unit">The unit; an update without it keeps the known one, and with another one forgets the total.</param>
internal sealed record ProgressReport(
    [property: Range(0, double.MaxValue)] double Done,
    [property: Range(0, double.MaxValue)] double? Total,
    [property: StringLength(OperationValidator.UnitCharacters)] string? Unit) : IRequestBody;

/// <summary>An update of a running operation; an empty object is a heartbeat.</summary>
/// <param name="Progress">The progress.</param>
/// <param name="Metadata">Merged into the existing metadata; null removes a member.</param>
internal sealed record UpdateBody(ProgressReport? Progress, Metadata? Metadata) : IRequestBody;

/// <summary>The completion of an operation. success or status is required.</summary>
/// <param name="Success">Whether the operation succeeded; alternative to status, and in agreement with it.</param>
/// <param name="Status">The outcome.</param>
/// <param name="EndTime">The end time, at most 5 minutes in the future; defaults to now when duration_seconds is missing too.</param>
/// <param name="DurationSeconds">The duration in seconds; with end_time, both must agree to 1 ms.</param>
/// <param name="ErrorType">The error type.</param>
/// <param name="ErrorMessage">The error message; truncated at 8 KiB.</param>
/// <param name="Metadata">Merged into the existing metadata; null removes a member.</param>
/// <param name="ResourceUsage">The host's resource usage by name.</param>
internal sealed record CompleteBody(
    bool? Success,
    [property: AllowedValues("succeeded", "failed", "cancelled")] string? Status,
    DateTimeOffset? EndTime,
    [property: Range(0, OperationLimits.MaxDurationSeconds)] double? DurationSeconds,
    [property: StringLength(OperationLimits.ErrorTypeCharacters)] string? ErrorType,
    string? ErrorMessage,
    Metadata? Metadata,
    [property: MaxLength(OperationLimits.ResourceUsageMembers)] Dictionary<string, double>? ResourceUsage) : IRequestBody;

/// <summary>A completed operation. success or status, and end_time or duration_seconds, are required.</summary>
/// <param name="Id">A UUID; generated when missing. An id that is already stored counts as a duplicate.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name; not only white space.</param>
/// <param name="Source">The source; defaults to the name of the access key or the caller's address.</param>
/// <param name="StartTime">The start time.</param>
/// <param name="EndTime">The end time, at most 5 minutes in the future.</param>
/// <param name="DurationSeconds">The duration in seconds; with end_time, both must agree to 1 ms.</param>
/// <param name="Success">Whether the operation succeeded; alternative to status, and in agreement with it.</param>
/// <param name="Status">The outcome.</param>
/// <param name="ErrorType">The error type.</param>
/// <param name="ErrorMessage">The error message; truncated at 8 KiB.</param>
/// <param name="Metadata">Facts about the operation.</param>
/// <param name="Progress">The progress at the end.</param>
/// <param name="ResourceUsage">The host's resource usage by name.</param>
/// <param name="TraceId">W3C trace id: 32 hex digits that are not all zero.</param>
/// <param name="SpanId">W3C span id: 16 hex digits that are not all zero.</param>
/// <param name="ParentId">The UUID of the parent operation, or the id of the parent span.</param>
internal sealed record BatchItemBody(
    Guid? Id,
    MetricType MetricType,
    [property: StringLength(OperationLimits.NameCharacters, MinimumLength = 1)] string OperationName,
    [property: StringLength(OperationLimits.SourceCharacters)] string? Source,
    DateTimeOffset StartTime,
    DateTimeOffset? EndTime,
    [property: Range(0, OperationLimits.MaxDurationSeconds)] double? DurationSeconds,
    bool? Success,
    [property: AllowedValues("succeeded", "failed", "cancelled")] string? Status,
    [property: StringLength(OperationLimits.ErrorTypeCharacters)] string? ErrorType,
    string? ErrorMessage,
    Metadata? Metadata,
    ProgressReport? Progress,
    [property: MaxLength(OperationLimits.ResourceUsageMembers)] Dictionary<string, double>? ResourceUsage,
    [property: RegularExpression(IdPatterns.Trace)] string? TraceId,
    [property: RegularExpression(IdPatterns.Span)] string? SpanId,
    [property: RegularExpression(IdPatterns.Parent)] string? ParentId) : IRequestBody;

/// <summary>The result of a batch.</summary>
/// <param name="Accepted">The number of newly stored operations.</param>
/// <param name="Duplicates">The number of operations that were already stored; they are unchanged.</param>
/// <param name="Rejected">The rejected items with the reasons.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, IReadOnlyList<RejectedItem> Rejected);

/// <summary>The result of a sample report.</summary>
/// <param name="Accepted">The number of stored samples.</param>
internal sealed record SamplesAnswer(int Accepted);

/// <summary>The patterns of ids of W3C Trace Context, which <see cref="OperationValidator"/> checks.</summary>
internal static class IdPatterns
{
    /// <summary>A trace id.</summary>
    public const string Trace = "^[0-9A-Fa-f]{32}$";

    /// <summary>A span id.</summary>
    public const string Span = "^[0-9A-Fa-f]{16}$";

    /// <summary>A span id or a UUID.</summary>
    public const string Parent = "^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$";
}
