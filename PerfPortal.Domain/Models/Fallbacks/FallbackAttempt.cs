using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>One attempt of a fallback.</summary>
/// <param name="Candidate">The name of the candidate.</param>
/// <param name="Strategy">How it takes the place of the wanted model.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">Why it failed; <see langword="null"/> when it did not.</param>
public sealed record FallbackAttempt(string Candidate, FallbackStrategy Strategy, TimeSpan Duration, FallbackOutcome Outcome, string? Error);

/// <summary>How an attempt ended.</summary>
public enum FallbackOutcome
{
    /// <summary>It returned a result.</summary>
    Succeeded,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>It gave no result in time.</summary>
    TimedOut,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
