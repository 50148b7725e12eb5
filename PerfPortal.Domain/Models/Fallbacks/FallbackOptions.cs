using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>How a <see cref="FallbackManager"/> works. Every option has a default.</summary>
public sealed record FallbackOptions
{
    /// <summary>The source of its operations and of the history that counts, at most 200 characters; <see langword="null"/> for the tracker's source, and all history.</summary>
    public string? Source { get; init; }

    /// <summary>The compatibility that a candidate needs unless the request says otherwise, 0–1.</summary>
    public double MinCompatibility { get; init; } = 0.5;

    /// <summary>How much compatibility counts against expected time, at least 0: its exponent in the order of trying. 0 looks at time only.</summary>
    public double CompatibilityWeight { get; init; } = 1;

    /// <summary>The weights of the parts of a score.</summary>
    public ScoreWeights Weights { get; init; } = new();

    /// <summary>What must be free on top of a candidate's memory need, as a share of it, 0–10.</summary>
    public double MemoryMargin { get; init; } = 0.1;

    /// <summary>When an attempt is given up, above 0 and at most a day; advice can only shorten it.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time after which advice can have an attempt given up, from 0 to <see cref="AttemptTimeout"/>.</summary>
    public TimeSpan MinAttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a decision waits for the first advice about its group, at least 0.</summary>
    public TimeSpan AdvicePatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The circuit breaker of every candidate.</summary>
    public BreakerOptions Breaker { get; init; } = new();

    /// <summary>The maximum number of scores kept, 0–1,000,000.</summary>
    public int MaxCachedScores { get; init; } = 4_096;

    /// <summary>The maximum number of groups followed, 1–10,000; the least recently used is forgotten first.</summary>
    public int MaxGroups { get; init; } = 256;

    /// <summary>
    /// Whether a failure is the candidate's, so that the next one is tried; by default all are. An error of the request itself, which would fail everywhere, is
    /// better returned at once.
    /// </summary>
    public Func<Exception, bool>? IsFailure { get; init; }

    /// <summary>Returns a random number, at least 0 and below 1, for the comparison of advice with the defaults; must be thread-safe.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    internal void Check()
    {
        Require(Source is null || Source.Length is > 0 and <= OperationLimits.SourceCharacters, "Source must have from 1 to 200 characters.");
        Require(MinCompatibility is >= 0 and <= 1, "MinCompatibility must be from 0 to 1.");
        Require(CompatibilityWeight is >= 0 and <= 100, "CompatibilityWeight must be from 0 to 100.");
        Require(MemoryMargin is >= 0 and <= 10, "MemoryMargin must be from 0 to 10.");
        Require(AttemptTimeout > TimeSpan.Zero && AttemptTimeout <= TimeSpan.FromDays(1), "AttemptTimeout must be above 0 and at most a day.");
        Require(MinAttemptTimeout >= TimeSpan.Zero && MinAttemptTimeout <= AttemptTimeout, "MinAttemptTimeout must be from 0 to AttemptTimeout.");
        Require(AdvicePatience >= TimeSpan.Zero && AdvicePatience <= TimeSpan.FromMinutes(1), "AdvicePatience must be from 0 to a minute.");
        Require(MaxCachedScores is >= 0 and <= 1_000_000, "MaxCachedScores must be from 0 to 1,000,000.");
        Require(MaxGroups is >= 1 and <= 10_000, "MaxGroups must be from 1 to 10,000.");
        Weights.Check();
        Breaker.Check();
    }

    private static void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new ArgumentException(reason);
        }
    }
}
