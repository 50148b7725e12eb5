namespace PerfPortal.Domain.Journal;

/// <summary>How reports flow.</summary>
public enum JournalState
{
    /// <summary>What comes is stored at once.</summary>
    Flowing,

    /// <summary>More comes than is stored: what waits needs a second or longer.</summary>
    Behind,

    /// <summary>So much waits that reports are refused.</summary>
    Refusing,

    /// <summary>The database cannot be written; reports wait.</summary>
    DatabaseAway,
}

/// <summary>How the journal fares, for the health probe, the API and the pages.</summary>
/// <param name="Queued">Entries that wait to be stored.</param>
/// <param name="Capacity">The most that may wait.</param>
/// <param name="Committed">Entries stored since the start.</param>
/// <param name="Refused">Entries refused since the start because too many waited.</param>
/// <param name="LastCommitMilliseconds">How long the last commit took.</param>
/// <param name="FailingSince">Since when the store cannot be written, or <see langword="null"/>.</param>
/// <param name="LastError">Why, in one sentence, or <see langword="null"/>.</param>
public sealed record JournalStatus(
    int Queued, int Capacity, long Committed, long Refused, double LastCommitMilliseconds, DateTimeOffset? FailingSince, string? LastError)
{
    /// <summary>Operations that ended and were stored, a second, over about the last minute.</summary>
    public double OperationsPerSecond { get; init; }

    /// <summary>How long a commit took on average over about the last minute with commits.</summary>
    public double MeanCommitMilliseconds { get; init; }

    /// <summary>Entries of one commit on average, likewise.</summary>
    public double EntriesPerCommit { get; init; }

    /// <summary>Since when reports are refused, or <see langword="null"/> while they are taken.</summary>
    public DateTimeOffset? RefusingSince { get; init; }

    /// <summary>Series-minutes of figures that are counted and not written yet.</summary>
    public int PendingRollups { get; init; }

    /// <summary>How long what waits needs to be stored, at the rate of the last minute: 1–30 s; what a refused reporter is told.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the store is written and there is room for more.</summary>
    public bool IsHealthy => FailingSince is null && Queued < Capacity;

    /// <summary>How reports flow.</summary>
    public JournalState State =>
        FailingSince is not null ? JournalState.DatabaseAway
        : RefusingSince is not null || Queued >= Capacity ? JournalState.Refusing
        : Queued >= Capacity / 4 || RetryAfter > TimeSpan.FromSeconds(1) ? JournalState.Behind
        : JournalState.Flowing;
}

/// <summary>The journal cannot take a report now: too many wait, or the store is away. Reporting again later is safe.</summary>
public sealed class JournalUnavailableException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
