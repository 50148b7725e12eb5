namespace PerfPortal.Domain.Operations;

/// <summary>An operation, running or ended; immutable. Times are UTC with microsecond resolution.</summary>
public sealed record Operation
{
    /// <summary>The unique id: assigned by the client, or a version 7 UUID from the portal.</summary>
    public required Guid Id { get; init; }

    /// <summary>The metric type.</summary>
    public required MetricType MetricType { get; init; }

    /// <summary>The operation name, 1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The host or service that reported it, 1–200 characters.</summary>
    public required string Source { get; init; }

    /// <summary>The status.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The start time.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>The end time, or <see langword="null"/> while it is running.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The error type of a failed operation, such as the type of an exception.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error message, at most 8 KiB.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The progress, if reported.</summary>
    public Progress? Progress { get; init; }

    /// <summary>The known facts of its type and custom members.</summary>
    public Metadata Metadata { get; init; } = Metadata.Empty;

    /// <summary>The resource usage of the host at start and end by name, such as <c>start_cpu_percent</c>; <see langword="null"/> when not reported.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>W3C trace id, 32 lower-case hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>W3C span id, 16 lower-case hex digits.</summary>
    public string? SpanId { get; init; }

    /// <summary>The parent operation: its id, or the span id of the parent.</summary>
    public string? ParentId { get; init; }

    /// <summary>The time of the last heartbeat, or <see langword="null"/> when there was none since the start.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; init; }

    /// <summary>The events, oldest first; at most <see cref="OperationLimits.Events"/>.</summary>
    public IReadOnlyList<OperationEvent> Events { get; init; } = [];

    /// <summary>The duration, or <see langword="null"/> while it is running.</summary>
    public TimeSpan? Duration => EndTime - StartTime;

    /// <summary>Returns the operation with an event added; above the limit, the second oldest event is removed.</summary>
    public Operation WithEvent(DateTimeOffset at, string kind, string? detail = null)
    {
        List<OperationEvent> events = [.. Events, new(at, kind, detail)];
        if (events.Count > OperationLimits.Events)
        {
            events.RemoveAt(1);
        }

        return this with { Events = events };
    }
}

/// <summary>An event of an operation.</summary>
/// <param name="At">The time, UTC.</param>
/// <param name="Kind">The event kind: <c>started</c>, <c>restored</c>, <c>abandoned</c>, <c>completed</c>, …</param>
/// <param name="Detail">A sentence that describes the event, or <see langword="null"/>.</param>
public readonly record struct OperationEvent(DateTimeOffset At, string Kind, string? Detail);

/// <summary>The progress of an operation.</summary>
/// <param name="Done">The completed amount in <paramref name="Unit"/>, at least 0.</param>
/// <param name="Total">The total amount, or <see langword="null"/> when unknown.</param>
/// <param name="Unit">The unit, such as <c>bytes</c> or <c>files</c>, at most 40 characters.</param>
public readonly record struct Progress(double Done, double? Total, string? Unit)
{
    /// <summary>The completed share, 0–1, or <see langword="null"/> when the total is unknown or 0.</summary>
    public double? Fraction => Total is > 0 ? Math.Clamp(Done / Total.Value, 0, 1) : null;

    /// <summary>Returns this report as it follows an earlier one: what it leaves out stays as it was, but a total does not outlive its unit.</summary>
    public Progress After(Progress? earlier) => earlier is { } known
        ? this with { Total = Total ?? (Unit is null || Unit == known.Unit ? known.Total : null), Unit = Unit ?? known.Unit }
        : this;
}
