using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;

namespace PerfPortal.Server.Wire;

/// <summary>An operation, running or completed.</summary>
public sealed record OperationBody
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The metric type.</summary>
    public required MetricType MetricType { get; init; }

    /// <summary>The operation name.</summary>
    public required string OperationName { get; init; }

    /// <summary>The source that reported the operation.</summary>
    public required string Source { get; init; }

    /// <summary>The status.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The start time.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The end time; null while the operation is running.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The duration in seconds; null while the operation is running.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Whether the operation succeeded; null while it is running and when it was cancelled or abandoned.</summary>
    public bool? Success { get; init; }

    /// <summary>The error type.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error message.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The latest progress.</summary>
    public ProgressBody? Progress { get; init; }

    /// <summary>Units of progress per second; null unless the operation is running and has reported progress at least twice.</summary>
    public double? Rate { get; init; }

    /// <summary>Seconds without progress, once that is unusually long for this operation; null otherwise.</summary>
    public double? StalledSeconds { get; init; }

    /// <summary>The estimated remaining time; null when unknown.</summary>
    public EtaBody? EtaSeconds { get; init; }

    /// <summary>The time of the last heartbeat.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; init; }

    /// <summary>Well-known metadata and any other members that the source reported.</summary>
    public Metadata Metadata { get; init; } = Metadata.Empty;

    /// <summary>The host's resource usage at the start and the end of the operation.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>W3C span id.</summary>
    public string? SpanId { get; init; }

    /// <summary>The id of the parent operation.</summary>
    public string? ParentId { get; init; }

    /// <summary>The events of the operation, oldest first.</summary>
    public IReadOnlyList<EventBody> Events { get; init; } = [];

    /// <summary>Converts an operation to its wire form.</summary>
    public static OperationBody Of(Operation operation, double? rate = null, Eta? eta = null, double? stalledSeconds = null, EtaCoverage? held = null) => new()
    {
        Id = operation.Id,
        MetricType = operation.MetricType,
        OperationName = operation.Name,
        Source = operation.Source,
        Status = operation.Status,
        StartTime = operation.StartTime,
        EndTime = operation.EndTime,
        DurationSeconds = operation.Duration?.TotalSeconds,
        Success = operation.Status switch { OperationStatus.Succeeded => true, OperationStatus.Failed => false, _ => null },
        ErrorType = operation.ErrorType,
        ErrorMessage = operation.ErrorMessage,
        Progress = operation.Progress is { } progress ? new(progress.Done, progress.Total, progress.Unit, progress.Fraction) : null,
        Rate = rate,
        StalledSeconds = stalledSeconds,
        EtaSeconds = eta is { } left ? new(left.P50, left.P90, held is null ? null : new(held.Share, held.Count, held.Since)) : null,
        LastHeartbeatAt = operation.LastHeartbeatAt,
        Metadata = operation.Metadata,
        ResourceUsage = operation.ResourceUsage,
        TraceId = operation.TraceId,
        SpanId = operation.SpanId,
        ParentId = operation.ParentId,
        Events = [.. operation.Events.Select(happened => new EventBody(happened.At, happened.Kind, happened.Detail))],
    };
}

/// <summary>The progress of an operation.</summary>
/// <param name="Done">The completed amount.</param>
/// <param name="Total">The total amount.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Fraction">The completed fraction, 0–1.</param>
public sealed record ProgressBody(double Done, double? Total, string? Unit, double? Fraction);

/// <summary>The estimated remaining time of an operation.</summary>
/// <param name="P50">The median estimate, in seconds.</param>
/// <param name="P90">The 90th percentile, in seconds: the operation takes longer with a probability of 10 %.</param>
/// <param name="P90Held">How often it held; null before 20 operations of this type have ended.</param>
public sealed record EtaBody(double P50, double P90, EtaHeldBody? P90Held);

/// <summary>How often the P90 of the operations of a type held.</summary>
/// <param name="Share">The share of operations that ended by the P90 that was stated while they ran, 0–1.</param>
/// <param name="Count">The number of operations, at most 200: the latest ones that succeeded.</param>
/// <param name="Since">When the first of them ended.</param>
public sealed record EtaHeldBody(double Share, int Count, DateTimeOffset Since);

/// <summary>An event of an operation.</summary>
/// <param name="At">The time of the event.</param>
/// <param name="Kind">The event kind.</param>
/// <param name="Detail">An optional sentence with details.</param>
public sealed record EventBody(DateTimeOffset At, string Kind, string? Detail);

/// <summary>A list, or a page of one.</summary>
/// <typeparam name="T">The item type.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record ItemsBody<T>(IReadOnlyList<T> Items, string? NextCursor = null);
