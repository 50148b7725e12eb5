using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>
/// How long a score of an alternative stays true: until its availability or its compatibility score changes. The rate of changes is the mean of a Gamma posterior,
/// (½ + k) / (½ / λ₀ + T), whose prior mean λ₀ gives the default lifetime; the lifetime is that after which one in ten scores is wrong, −ln 0.9 / λ.
/// </summary>
internal static class ChangeRate
{
    /// <summary>The share of cached scores that may be out of date.</summary>
    internal const double Stale = 0.1;

    private const double PriorEvents = 0.5;

    // A score that differs by less is the same one.
    private const double SameScore = 0.01;

    /// <summary>The changes between two attempts of one alternative, and the time between them, over all alternatives of each group.</summary>
    internal static (int Changes, double Seconds) Count(IReadOnlyList<PastFallback> fallbacks)
    {
        var last = new Dictionary<(HistoryKey, string), (DateTimeOffset End, bool Succeeded, double? Score)>();
        int changes = 0;
        double seconds = 0;
        foreach (var fallback in fallbacks)
        {
            foreach (var attempt in fallback.Attempts)
            {
                double? score = attempt.Alternative == fallback.Chosen ? fallback.Score : null;
                var key = (fallback.Key, attempt.Alternative);
                if (last.TryGetValue(key, out var before))
                {
                    changes += before.Succeeded != attempt.Succeeded || (before.Score is { } was && score is { } now && Math.Abs(was - now) > SameScore) ? 1 : 0;
                    seconds += Math.Max(0, (fallback.End - before.End).TotalSeconds);
                }

                last[key] = (fallback.End, attempt.Succeeded, score ?? (last.TryGetValue(key, out before) ? before.Score : null));
            }
        }

        return (changes, seconds);
    }

    /// <summary>The lifetime in seconds.</summary>
    internal static double Lifetime(int changes, double seconds)
    {
        double safe = AdviceCatalog.DefaultOf(AdviceKinds.CacheLifetime)!.Value;
        double prior = -Math.Log(1 - Stale) / safe;
        return -Math.Log(1 - Stale) / ((PriorEvents + changes) / ((PriorEvents / prior) + seconds));
    }
}
