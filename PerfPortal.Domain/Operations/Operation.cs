namespace PerfPortal.Domain.Operations;

/// <summary>One operation, running or ended; immutable. Times are UTC and kept to the microsecond.</summary>
public sealed record Operation
{
    /// <summary>The id alone identifies: the client's, or a version 7 UUID of the portal.</summary>
    public required Guid Id { get; init; }

    /// <summary>Which of the six kinds.</summary>
    public required MetricType MetricType { get; init; }

    /// <summary>What was done, 1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The host or service that reported it, 1–200 characters.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended, or <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The kind of error of a failed operation, such as an exception's type.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error's text, at most 8 KiB.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>How far it got, if it said so.</summary>
    public Progress? Progress { get; init; }

    /// <summary>Known facts of its type and whatever else its reporter said.</summary>
    public Metadata Metadata { get; init; } = Metadata.Empty;

    /// <summary>The host's resources at start and end by name, such as <c>start_cpu_percent</c>; <see langword="null"/> when not reported.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>W3C trace id, 32 lower-case hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>W3C span id, 16 lower-case hex digits.</summary>
    public string? SpanId { get; init; }

    /// <summary>The operation that this one is part of: its id, or the span id of the parent.</summary>
    public string? ParentId { get; init; }

    /// <summary>When it last reported, or <see langword="null"/> when it never has since its start.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; init; }

    /// <summary>What happened to it, oldest first; at most <see cref="OperationLimits.Events"/>.</summary>
    public IReadOnlyList<OperationEvent> Events { get; init; } = [];

    /// <summary>From start to end, or <see langword="null"/> while it runs.</summary>
    public TimeSpan? Duration => EndTime - StartTime;

    /// <summary>The operation with one more event; the second oldest goes when there are too many.</summary>
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

/// <summary>Something that happened to an operation.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">One word: <c>started</c>, <c>restored</c>, <c>abandoned</c>, <c>completed</c>, …</param>
/// <param name="Detail">A sentence for a person, or <see langword="null"/>.</param>
public readonly record struct OperationEvent(DateTimeOffset At, string Kind, string? Detail);

/// <summary>How far an operation got.</summary>
/// <param name="Done">What is done, in <paramref name="Unit"/>, at least 0.</param>
/// <param name="Total">What there is to do, or <see langword="null"/> when that is not known.</param>
/// <param name="Unit">The unit, such as <c>bytes</c> or <c>files</c>, at most 40 characters.</param>
public readonly record struct Progress(double Done, double? Total, string? Unit)
{
    /// <summary>The share that is done, 0–1, or <see langword="null"/> when the total is not known or 0.</summary>
    public double? Fraction => Total is > 0 ? Math.Clamp(Done / Total.Value, 0, 1) : null;
}
