namespace PerfPortal.Domain.Models.Fallbacks.Breaking;

/// <summary>The state of a circuit breaker.</summary>
public enum BreakerState
{
    /// <summary>The candidate is tried.</summary>
    Closed,

    /// <summary>The candidate failed repeatedly and is left alone for a while.</summary>
    Open,

    /// <summary>The while is over: one attempt decides whether the breaker closes or opens again.</summary>
    HalfOpen,
}

/// <summary>What a circuit breaker is doing.</summary>
/// <param name="State">The state.</param>
/// <param name="FailuresInARow">The failures since the last success.</param>
/// <param name="RetryAfter">How long until it lets an attempt through; zero when it does.</param>
/// <param name="IsProbing">Whether the one attempt of a half-open breaker is running, so that no other is let through.</param>
public sealed record BreakerStatus(BreakerState State, int FailuresInARow, TimeSpan RetryAfter, bool IsProbing)
{
    /// <summary>Whether an attempt would be let through.</summary>
    public bool LetsThrough => State == BreakerState.Closed || (State == BreakerState.HalfOpen && !IsProbing);
}
