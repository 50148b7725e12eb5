namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>Nothing could take the place of the wanted model. The message has the reason of every candidate.</summary>
public sealed class FallbackException : Exception
{
    /// <summary>The error type of an operation whose attempts all failed.</summary>
    public const string AllFailed = "all_alternatives_failed";

    /// <summary>The error type of an operation without a candidate to try.</summary>
    public const string NoCandidate = "no_alternative";

    /// <summary>Creates the exception.</summary>
    internal FallbackException(string message, FallbackDecision decision, IReadOnlyList<Exception> attempts)
        : base(message, attempts.Count == 0 ? null : new AggregateException(attempts))
    {
        Decision = decision;
    }

    /// <summary>What was considered and tried.</summary>
    public FallbackDecision Decision { get; }
}
