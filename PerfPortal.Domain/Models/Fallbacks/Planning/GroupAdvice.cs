using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>What history advises for a group.</summary>
/// <param name="Candidates">What was learned about candidates, by name.</param>
/// <param name="CacheLifetime">How long scores stay valid.</param>
internal sealed record GroupAdvice(IReadOnlyDictionary<string, CandidateAdvice> Candidates, TimeSpan CacheLifetime)
{
    /// <summary>The lifetime of scores when nothing is advised. Scores depend only on what is declared, which is part of their key.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(10);

    /// <summary>The most candidates that are read: more than a group has.</summary>
    private const int MaxCandidates = 256;

    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>Nothing was learned.</summary>
    public static GroupAdvice None { get; } = new(new Dictionary<string, CandidateAdvice>(), DefaultLifetime);

    /// <summary>Whether anything was learned about a candidate.</summary>
    public bool IsLearned => Candidates.Count > 0;

    /// <summary>Reads the answer of an adviser; what makes no sense is left out.</summary>
    public static GroupAdvice Of(IReadOnlyList<AdviceItem> items)
    {
        var candidates = new Dictionary<string, CandidateAdvice>(StringComparer.Ordinal);
        var lifetime = DefaultLifetime;
        foreach (var item in items)
        {
            if (item.Value is not { } value || !double.IsFinite(value) || value < 0)
            {
                continue;
            }

            if (item.Kind == AdviceKinds.CacheLifetime)
            {
                lifetime = TimeSpan.FromSeconds(Math.Min(value, MaxLifetime.TotalSeconds));
            }
            else if (item.IsLearned && item.Subject is { } name)
            {
                var known = candidates.GetValueOrDefault(name, CandidateAdvice.Nothing);
                var read = item.Kind switch
                {
                    AdviceKinds.AlternativeRank => known with { Rank = value },
                    AdviceKinds.ExpectedSeconds => known with { Seconds = value },
                    AdviceKinds.ExpectedSuccess => known with { Success = Math.Min(value, 1) },
                    AdviceKinds.Timeout => known with { Timeout = value },
                    _ => known,
                };
                if (read != CandidateAdvice.Nothing && (candidates.Count < MaxCandidates || candidates.ContainsKey(name)))
                {
                    candidates[name] = read;
                }
            }
        }

        return new(candidates, lifetime);
    }
}

/// <summary>What was learned about a candidate.</summary>
/// <param name="Rank">The place in the order of trying, from 1.</param>
/// <param name="Seconds">The expected time to success, failures included.</param>
/// <param name="Success">The expected rate of success, 0–1.</param>
/// <param name="Timeout">The seconds after which an attempt is given up.</param>
internal sealed record CandidateAdvice(double? Rank, double? Seconds, double? Success, double? Timeout)
{
    public static CandidateAdvice Nothing { get; } = new(null, null, null, null);
}
