using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Intake;

/// <summary>The body of a start, for the OpenAPI document.</summary>
/// <param name="Id">A UUID; the portal makes one when it is missing.</param>
/// <param name="MetricType">The kind of operation.</param>
/// <param name="OperationName">What is done, 1–200 characters.</param>
/// <param name="Source">Who reports it; the key's name or the caller's address when it is missing.</param>
/// <param name="StartTime">When it started; now when it is missing.</param>
/// <param name="Metadata">At most 64 members and 16 KiB.</param>
/// <param name="Progress">How far it got.</param>
/// <param name="TraceId">W3C trace id, 32 hex digits.</param>
/// <param name="SpanId">W3C span id, 16 hex digits.</param>
/// <param name="ParentId">The operation that this one is part of.</param>
internal sealed record StartBody(
    Guid? Id, MetricType MetricType, string OperationName, string? Source, DateTimeOffset? StartTime, Dictionary<string, object>? Metadata,
    ProgressReport? Progress, string? TraceId, string? SpanId, string? ParentId);

/// <summary>Progress as it is reported.</summary>
/// <param name="Done">What is done, at least 0.</param>
/// <param name="Total">What there is to do.</param>
/// <param name="Unit">The unit, at most 40 characters.</param>
internal sealed record ProgressReport(double Done, double? Total, string? Unit);

/// <summary>The body of a PATCH, for the OpenAPI document; an empty object is a heartbeat.</summary>
/// <param name="Progress">How far it got.</param>
/// <param name="Metadata">Laid over what is known; null takes a member away.</param>
internal sealed record UpdateBody(ProgressReport? Progress, Dictionary<string, object>? Metadata);

/// <summary>The body of a completion, for the OpenAPI document.</summary>
/// <param name="Success">Whether it ended well; or say <paramref name="Status"/>.</param>
/// <param name="Status"><c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="EndTime">When it ended; now when neither this nor <paramref name="DurationSeconds"/> is there.</param>
/// <param name="DurationSeconds">Seconds from start to end, 0–10,000,000.</param>
/// <param name="ErrorType">The kind of error, at most 200 characters.</param>
/// <param name="ErrorMessage">The error's text; cut at 8 KiB.</param>
/// <param name="Metadata">Laid over what is known.</param>
/// <param name="ResourceUsage">The host's resources by name.</param>
internal sealed record CompleteBody(
    bool? Success, string? Status, DateTimeOffset? EndTime, double? DurationSeconds, string? ErrorType, string? ErrorMessage,
    Dictionary<string, object>? Metadata, Dictionary<string, double>? ResourceUsage);

/// <summary>An item of a batch, for the OpenAPI document: an operation that has ended.</summary>
internal sealed record BatchItemBody(
    Guid? Id, MetricType MetricType, string OperationName, string? Source, DateTimeOffset StartTime, DateTimeOffset? EndTime, double? DurationSeconds,
    bool? Success, string? Status, string? ErrorType, string? ErrorMessage, Dictionary<string, object>? Metadata, ProgressReport? Progress,
    Dictionary<string, double>? ResourceUsage, string? TraceId, string? SpanId, string? ParentId);

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">Operations that are stored now and were not before.</param>
/// <param name="Duplicates">Operations that were stored before; nothing was changed.</param>
/// <param name="Rejected">Items that were not taken, and why.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, IReadOnlyList<RejectedItem> Rejected);

/// <summary>What became of samples.</summary>
/// <param name="Accepted">Samples that are durable now.</param>
internal sealed record SamplesAnswer(int Accepted);
