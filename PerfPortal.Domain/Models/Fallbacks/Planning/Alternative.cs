using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Memory;
using PerfPortal.Domain.Models.Fallbacks.Scoring;

namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>A candidate as a decision saw it.</summary>
public sealed record Alternative
{
    /// <summary>The candidate.</summary>
    public required ModelCandidate Candidate { get; init; }

    /// <summary>How it takes the place of the wanted model.</summary>
    public required FallbackStrategy Strategy { get; init; }

    /// <summary>How compatible it is.</summary>
    public required CompatibilityScore Score { get; init; }

    /// <summary>Whether it fitted the free memory.</summary>
    public required MemoryFit Fit { get; init; }

    /// <summary>The state of its circuit breaker.</summary>
    public required BreakerStatus Breaker { get; init; }

    /// <summary>The expected time to success in seconds; <see langword="null"/> when nothing was learned about it.</summary>
    public double? ExpectedSeconds { get; init; }

    /// <summary>The expected rate of success, 0–1; <see langword="null"/> when nothing was learned about it.</summary>
    public double? ExpectedSuccess { get; init; }

    /// <summary>Its place in the order of trying, from 1; <see langword="null"/> when it is not tried.</summary>
    public int? Place { get; init; }

    /// <summary>Why it is not tried, as a sentence; <see langword="null"/> when it is.</summary>
    public string? NotTried { get; init; }
}
