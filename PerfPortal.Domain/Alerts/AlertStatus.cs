namespace PerfPortal.Domain.Alerts;

/// <summary>Everything that the state machine knows of one subject of a rule. Immutable. Times are UTC and those of evaluations.</summary>
public sealed record AlertStatus
{
    /// <summary>The state of a subject that was never beyond its threshold.</summary>
    public static AlertStatus Inactive { get; } = new();

    /// <summary>The state.</summary>
    public AlertState State { get; init; }

    /// <summary>When the condition began to hold; the timer of a pending alert runs from here.</summary>
    public DateTimeOffset? PendingSince { get; init; }

    /// <summary>When it began to fire.</summary>
    public DateTimeOffset? FiringSince { get; init; }

    /// <summary>When it resolved.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When the condition last held.</summary>
    public DateTimeOffset? LastBeyond { get; init; }

    /// <summary>Since when nothing has been measured; <see langword="null"/> while there are data.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>For how long nothing was evaluated since the condition began to hold, because the portal was down or its clock was set forward: whether it held then is not known.</summary>
    public TimeSpan Unwatched { get; init; }

    /// <summary>When it was last evaluated.</summary>
    public DateTimeOffset? SteppedAt { get; init; }

    /// <summary>The value of the last evaluation that had one; <see langword="null"/> when what it was about is over, or never had one.</summary>
    public double? Value { get; init; }

    /// <summary>The value that was furthest beyond the threshold since the condition began to hold.</summary>
    public double? Peak { get; init; }

    /// <summary>When this subject began to fire lately, oldest first, within <see cref="AlertMachine.FlapWindow"/>; at most <see cref="AlertMachine.MaxFirings"/>.</summary>
    public IReadOnlyList<DateTimeOffset> Firings { get; init; } = [];

    /// <summary>Whether it goes on and off: it fired <see cref="AlertMachine.FlapFirings"/> times within <see cref="AlertMachine.FlapWindow"/>.</summary>
    public bool IsFlapping { get; init; }
}

/// <summary>A change of state.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="At">The time of the evaluation, UTC.</param>
/// <param name="Reason">Why, one sentence without the subject.</param>
public sealed record AlertTransition(AlertState From, AlertState To, DateTimeOffset At, string Reason);
