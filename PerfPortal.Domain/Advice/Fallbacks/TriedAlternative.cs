using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>What is known of an alternative.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="Succeeded">The number that succeeded.</param>
/// <param name="Seconds">The mean time of an attempt, whether it succeeded or not.</param>
public sealed record TriedAlternative(string Name, int Attempts, int Succeeded, double Seconds)
{
    /// <summary>The expected rate of success, above 0 and below 1: (s + 1) / (n + 2), the mean of the Beta posterior with a uniform prior.</summary>
    public double Success => (Succeeded + 1.0) / (Attempts + 2.0);

    /// <summary>The expected time to success when it alone is tried until it succeeds: the mean time of an attempt divided by the rate of success. What alternatives are ordered by.</summary>
    public double Index => Seconds / Success;

    /// <summary>The compatibility that was reported last, 0–1; <see langword="null"/> when none was.</summary>
    public double? Compatibility { get; init; }

    /// <summary>Sums up the attempts of fallbacks, in the order to try.</summary>
    public static IReadOnlyList<TriedAlternative> Of(IEnumerable<PastFallback> fallbacks)
    {
        ArgumentNullException.ThrowIfNull(fallbacks);
        var all = fallbacks as IReadOnlyCollection<PastFallback> ?? [.. fallbacks];
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var fallback in all)
        {
            if (fallback is { Chosen: { } chosen, Score: { } score })
            {
                scores[chosen] = score;
            }

            foreach (var known in fallback.Compatibilities)
            {
                scores[known.Alternative] = known.Score;
            }
        }

        return Ordered(all.SelectMany(fallback => fallback.Attempts).GroupBy(attempt => attempt.Alternative, StringComparer.Ordinal)
            .Select(group => new TriedAlternative(group.Key, group.Count(), group.Count(attempt => attempt.Succeeded), group.Average(attempt => attempt.Seconds))
            {
                Compatibility = scores.TryGetValue(group.Key, out double score) ? score : null,
            }));
    }

    /// <summary>Whether compatibility has a part in the order: only where that of every alternative is known.</summary>
    public static bool HaveCompatibility(IReadOnlyCollection<TriedAlternative> alternatives)
    {
        ArgumentNullException.ThrowIfNull(alternatives);
        return alternatives.Count > 0 && alternatives.All(one => one.Compatibility is not null);
    }

    /// <summary>
    /// The order with the least expected time until one succeeds or all have failed: ascending by t / p (Mitten, "An analytic solution to the least cost testing sequence problem",
    /// 1960; Weitzman's "Optimal search for the best alternative", 1979, has it as the case in which any success ends the search). The attempts are taken as independent. Where
    /// the compatibility of all is known, t / p is divided by it, as the fallback manager does: half the compatibility must succeed in half the time to go first.
    /// </summary>
    public static IReadOnlyList<TriedAlternative> Ordered(IEnumerable<TriedAlternative> alternatives)
    {
        ArgumentNullException.ThrowIfNull(alternatives);
        IReadOnlyCollection<TriedAlternative> all = [.. alternatives];
        bool isWeighted = HaveCompatibility(all);
        return [.. all.OrderBy(one => isWeighted ? one.Cost : one.Index).ThenByDescending(one => one.Success).ThenBy(one => one.Name, StringComparer.Ordinal)];
    }

    /// <summary>The expected time to success divided by the compatibility; infinite for one that is not compatible at all.</summary>
    public double? Cost => Compatibility is not { } score ? null : score > 0 ? Index / score : double.PositiveInfinity;

    /// <summary>The expected time until one succeeds or all have failed, when they are tried in this order.</summary>
    public static double ExpectedSeconds(IEnumerable<TriedAlternative> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        double reached = 1;
        double seconds = 0;
        foreach (var one in order)
        {
            seconds += reached * one.Seconds;
            reached *= 1 - one.Success;
        }

        return seconds;
    }
}
