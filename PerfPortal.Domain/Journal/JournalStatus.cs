namespace PerfPortal.Domain.Journal;

/// <summary>The state of the journal.</summary>
public enum JournalState
{
    /// <summary>Reports are stored immediately.</summary>
    Flowing,

    /// <summary>Reports arrive faster than they are stored: clearing the queue takes a second or longer.</summary>
    Behind,

    /// <summary>The queue is full and reports are rejected.</summary>
    Refusing,

    /// <summary>The database cannot be written; reports are queued.</summary>
    DatabaseAway,

    /// <summary>A commit has been running for longer than <see cref="OperationJournal.StallAfter"/>; new reports are rejected.</summary>
    Stalled,
}

/// <summary>The status of the journal for the health probe, the API and the pages.</summary>
/// <param name="Queued">Entries in the queue.</param>
/// <param name="Capacity">The capacity of the queue.</param>
/// <param name="Committed">Entries stored since startup.</param>
/// <param name="Refused">Entries rejected since startup: the queue was full, or they could not be stored in time.</param>
/// <param name="LastCommitMilliseconds">The duration of the last commit.</param>
/// <param name="FailingSince">When the store became unwritable, or <see langword="null"/>.</param>
/// <param name="LastError">The reason in one sentence, or <see langword="null"/>.</param>
public sealed record JournalStatus(
    int Queued, int Capacity, long Committed, long Refused, double LastCommitMilliseconds, DateTimeOffset? FailingSince, string? LastError)
{
    /// <summary>Ended operations stored per second over about the last minute.</summary>
    public double OperationsPerSecond { get; init; }

    /// <summary>The mean duration of a commit over about the last minute with commits.</summary>
    public double MeanCommitMilliseconds { get; init; }

    /// <summary>The mean number of entries per commit over the same time.</summary>
    public double EntriesPerCommit { get; init; }

    /// <summary>When the journal began to reject reports, or <see langword="null"/> while it accepts them.</summary>
    public DateTimeOffset? RefusingSince { get; init; }

    /// <summary>Series-minutes of rollups that are not written yet.</summary>
    public int PendingRollups { get; init; }

    /// <summary>Minutes that are being rebuilt from their rows after an unclean stop or a failed write; their figures are incomplete.</summary>
    public int RebuildingMinutes { get; init; }

    /// <summary>The estimated time to clear the queue at the rate of the last minute: 1–30 s. Sent to clients whose report is rejected.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Why the store cannot be written.</summary>
    public StoreFailureKind FailureKind { get; init; }

    /// <summary>How long the current commit has been running if it is stalled, otherwise <see langword="null"/>.</summary>
    public TimeSpan? StalledFor { get; init; }

    /// <summary>Whether the store is writable and responsive and the queue has room.</summary>
    public bool IsHealthy => FailingSince is null && StalledFor is null && Queued < Capacity;

    /// <summary>The state of the journal.</summary>
    public JournalState State =>
        FailingSince is not null ? JournalState.DatabaseAway
        : StalledFor is not null ? JournalState.Stalled
        : RefusingSince is not null || Queued >= Capacity ? JournalState.Refusing
        : Queued >= Capacity / 4 || RetryAfter > TimeSpan.FromSeconds(1) ? JournalState.Behind
        : JournalState.Flowing;
}

/// <summary>The journal did not take a report, because the queue is full or the store is unavailable. Retrying later is safe.</summary>
public sealed class JournalUnavailableException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>How long to wait before retrying.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>
    /// Whether the report is certainly not stored. If not, a commit neither ended nor could be cancelled in time, or failed while it was being completed; the report may become durable, and a
    /// retry with the same ids is recognised.
    /// </summary>
    public bool IsOutcomeKnown { get; init; } = true;

    /// <summary>Completes when the unknown outcome is known: successfully when the report is stored. <see langword="null"/> when it stays unknown.</summary>
    internal Task? Outcome { get; init; }
}
