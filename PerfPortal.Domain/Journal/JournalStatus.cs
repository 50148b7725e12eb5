namespace PerfPortal.Domain.Journal;

/// <summary>How the journal fares, for the health probe and the pages.</summary>
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
    /// <summary>Whether the store is written and there is room for more.</summary>
    public bool IsHealthy => FailingSince is null && Queued < Capacity;
}

/// <summary>The journal cannot take a report now: too many wait, or the store is away. Reporting again later is safe.</summary>
public sealed class JournalUnavailableException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
