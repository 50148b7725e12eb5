using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Planning;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>A group as it stands now, since this process began.</summary>
/// <param name="Group">The group.</param>
/// <param name="Candidates">The wanted model, then its candidates.</param>
/// <param name="Decisions">The number of decisions that ended, cancelled ones left out.</param>
/// <param name="Succeeded">The number that chose something.</param>
/// <param name="Running">The number in progress.</param>
/// <param name="Lost">The time spent on attempts that failed.</param>
/// <param name="LastDecision">The last decision that ended; <see langword="null"/> before the first.</param>
public sealed record FallbackGroupState(
    FallbackGroup Group, IReadOnlyList<FallbackCandidateState> Candidates, long Decisions, long Succeeded, int Running, TimeSpan Lost, FallbackDecision? LastDecision);

/// <summary>A candidate as it stands now.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Strategy">How it takes the place of the wanted model.</param>
/// <param name="Breaker">The state of its circuit breaker.</param>
/// <param name="Attempts">The number of attempts that ended, cancelled ones left out.</param>
/// <param name="Succeeded">The number that succeeded.</param>
/// <param name="LastSeen">How the last decision saw it: score, memory fit, place; <see langword="null"/> before the first.</param>
/// <param name="LastAttempt">Its last attempt; <see langword="null"/> before the first.</param>
/// <param name="LastAttemptAt">When that ended, UTC.</param>
public sealed record FallbackCandidateState(
    ModelCandidate Candidate, FallbackStrategy Strategy, BreakerStatus Breaker, long Attempts, long Succeeded, Alternative? LastSeen,
    FallbackAttempt? LastAttempt, DateTimeOffset? LastAttemptAt);
