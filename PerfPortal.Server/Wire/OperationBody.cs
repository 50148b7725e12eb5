using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Wire;

/// <summary>An operation on the wire.</summary>
public sealed record OperationBody
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its kind.</summary>
    public required MetricType MetricType { get; init; }

    /// <summary>What was done.</summary>
    public required string OperationName { get; init; }

    /// <summary>Who reported it.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Seconds from start to end; null while it runs.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Whether it ended well; null while it runs and when it was cancelled or abandoned.</summary>
    public bool? Success { get; init; }

    /// <summary>The kind of error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error's text.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How far it got.</summary>
    public ProgressBody? Progress { get; init; }

    /// <summary>Units of progress a second; null unless it runs and has said so twice.</summary>
    public double? Rate { get; init; }

    /// <summary>How long it will still run; null when that is not known.</summary>
    public EtaBody? EtaSeconds { get; init; }

    /// <summary>When it last reported.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; init; }

    /// <summary>Known facts and whatever else its reporter said.</summary>
    public Metadata Metadata { get; init; } = Metadata.Empty;

    /// <summary>The host's resources at start and end.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>W3C span id.</summary>
    public string? SpanId { get; init; }

    /// <summary>The operation that this one is part of.</summary>
    public string? ParentId { get; init; }

    /// <summary>What happened to it, oldest first.</summary>
    public IReadOnlyList<EventBody> Events { get; init; } = [];

    /// <summary>An operation as it goes over the wire.</summary>
    public static OperationBody Of(Operation operation, double? rate = null, Eta? eta = null) => new()
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
        EtaSeconds = eta is { } left ? new(left.P50, left.P90) : null,
        LastHeartbeatAt = operation.LastHeartbeatAt,
        Metadata = operation.Metadata,
        ResourceUsage = operation.ResourceUsage,
        TraceId = operation.TraceId,
        SpanId = operation.SpanId,
        ParentId = operation.ParentId,
        Events = [.. operation.Events.Select(happened => new EventBody(happened.At, happened.Kind, happened.Detail))],
    };
}

/// <summary>How far an operation got.</summary>
/// <param name="Done">What is done.</param>
/// <param name="Total">What there is to do.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Fraction">The share that is done, 0–1.</param>
public sealed record ProgressBody(double Done, double? Total, string? Unit, double? Fraction);

/// <summary>How long an operation will still run.</summary>
/// <param name="P50">As likely longer as shorter, seconds.</param>
/// <param name="P90">Longer with a probability of one in ten, seconds.</param>
public sealed record EtaBody(double P50, double P90);

/// <summary>Something that happened to an operation.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What, in one word.</param>
/// <param name="Detail">A sentence, if there is more to say.</param>
public sealed record EventBody(DateTimeOffset At, string Kind, string? Detail);

/// <summary>A list on the wire.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Where the next page goes on, or null at the end.</param>
public sealed record ItemsBody<T>(IReadOnlyList<T> Items, string? NextCursor = null);
