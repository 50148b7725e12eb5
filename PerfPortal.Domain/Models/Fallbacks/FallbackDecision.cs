using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Planning;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>What a fallback considered, tried and chose.</summary>
public sealed record FallbackDecision
{
    /// <summary>The id of the operation that reports it; empty without a tracker.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>The context of the operations of attempts that the caller makes itself, which makes the decision their parent; <see langword="null"/> without a tracker.</summary>
    public OperationContext? Context { get; init; }

    /// <summary>The group.</summary>
    public required FallbackGroup Group { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was chosen; <see langword="null"/> when nothing was.</summary>
    public Alternative? Chosen { get; init; }

    /// <summary>All candidates: those to try, in order, then the others with the reason why not.</summary>
    public required IReadOnlyList<Alternative> Alternatives { get; init; }

    /// <summary>The attempts in order; empty when nothing was executed.</summary>
    public IReadOnlyList<FallbackAttempt> Attempts { get; init; } = [];

    /// <summary>Whether the scores came from the cache.</summary>
    public required bool IsScoreCached { get; init; }

    /// <summary>Whether the order followed learned advice rather than the default.</summary>
    public required bool IsAdvised { get; init; }

    /// <summary>The time spent on attempts that failed.</summary>
    public TimeSpan Lost => Attempts.Aggregate(
        TimeSpan.Zero, (sum, attempt) => attempt.Outcome is FallbackOutcome.Failed or FallbackOutcome.TimedOut ? sum + attempt.Duration : sum);
}

/// <summary>What a fallback returned.</summary>
/// <param name="Value">The result of the attempt that succeeded.</param>
/// <param name="Decision">How it came about.</param>
public sealed record FallbackResult<T>(T Value, FallbackDecision Decision);
