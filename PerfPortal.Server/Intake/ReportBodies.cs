using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Intake;

/// <summary>The body of a start, for the OpenAPI document.</summary>
/// <param name="Id">A UUID; generated when missing.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name, 1–200 characters.</param>
/// <param name="Source">The source; defaults to the name of the access key or the caller's address.</param>
/// <param name="StartTime">The start time; defaults to now.</param>
/// <param name="Metadata">At most 64 members and 16 KiB.</param>
/// <param name="Progress">The progress.</param>
/// <param name="TraceId">W3C trace id, 32 hex digits.</param>
/// <param name="SpanId">W3C span id, 16 hex digits.</param>
/// <param name="ParentId">The id of the parent operation or span.</param>
internal sealed record StartBody(
    Guid? Id, MetricType MetricType, string OperationName, string? Source, DateTimeOffset? StartTime, Dictionary<string, object>? Metadata,
    ProgressReport? Progress, string? TraceId, string? SpanId, string? ParentId);

/// <summary>Reported progress.</summary>
/// <param name="Done">The completed amount, at least 0.</param>
/// <param name="Total">The total amount.</param>
/// <param name="Unit">The unit, at most 40 characters.</param>
internal sealed record ProgressReport(double Done, double? Total, string? Unit);

/// <summary>The body of a PATCH, for the OpenAPI document; an empty object is a heartbeat.</summary>
/// <param name="Progress">The progress.</param>
/// <param name="Metadata">Merged into the existing metadata; null removes a member.</param>
internal sealed record UpdateBody(ProgressReport? Progress, Dictionary<string, object>? Metadata);

/// <summary>The body of a completion, for the OpenAPI document.</summary>
/// <param name="Success">Whether the operation succeeded; alternative to <paramref name="Status"/>.</param>
/// <param name="Status"><c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="EndTime">The end time; defaults to now when <paramref name="DurationSeconds"/> is missing too.</param>
/// <param name="DurationSeconds">The duration in seconds, 0–10,000,000.</param>
/// <param name="ErrorType">The error type, at most 200 characters.</param>
/// <param name="ErrorMessage">The error message; truncated at 8 KiB.</param>
/// <param name="Metadata">Merged into the existing metadata.</param>
/// <param name="ResourceUsage">The host's resource usage by name.</param>
internal sealed record CompleteBody(
    bool? Success, string? Status, DateTimeOffset? EndTime, double? DurationSeconds, string? ErrorType, string? ErrorMessage,
    Dictionary<string, object>? Metadata, Dictionary<string, double>? ResourceUsage);

/// <summary>An item of a batch, for the OpenAPI document: a completed operation.</summary>
internal sealed record BatchItemBody(
    Guid? Id, MetricType MetricType, string OperationName, string? Source, DateTimeOffset StartTime, DateTimeOffset? EndTime, double? DurationSeconds,
    bool? Success, string? Status, string? ErrorType, string? ErrorMessage, Dictionary<string, object>? Metadata, ProgressReport? Progress,
    Dictionary<string, double>? ResourceUsage, string? TraceId, string? SpanId, string? ParentId);

/// <summary>The result of a batch.</summary>
/// <param name="Accepted">The number of newly stored operations.</param>
/// <param name="Duplicates">The number of operations that were already stored; they are unchanged.</param>
/// <param name="Rejected">The rejected items with the reasons.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, IReadOnlyList<RejectedItem> Rejected);

/// <summary>The result of a sample report.</summary>
/// <param name="Accepted">The number of stored samples.</param>
internal sealed record SamplesAnswer(int Accepted);
