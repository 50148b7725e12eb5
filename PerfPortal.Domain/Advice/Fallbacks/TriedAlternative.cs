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

    /// <summary>Sums up the attempts of fallbacks, in the order to try.</summary>
    public static IReadOnlyList<TriedAlternative> Of(IEnumerable<PastFallback> fallbacks)
    {
        ArgumentNullException.ThrowIfNull(fallbacks);
        return Ordered(fallbacks.SelectMany(fallback => fallback.Attempts).GroupBy(attempt => attempt.Alternative, StringComparer.Ordinal)
            .Select(group => new TriedAlternative(group.Key, group.Count(), group.Count(attempt => attempt.Succeeded), group.Average(attempt => attempt.Seconds))));
    }

    /// <summary>
    /// The order with the least expected time until one succeeds or all have failed: ascending by t / p (Mitten, "An analytic solution to the least cost testing sequence problem",
    /// 1960; Weitzman's "Optimal search for the best alternative", 1979, has it as the case in which any success ends the search). The attempts are taken as independent.
    /// </summary>
    public static IReadOnlyList<TriedAlternative> Ordered(IEnumerable<TriedAlternative> alternatives) =>
        [.. alternatives.OrderBy(one => one.Index).ThenByDescending(one => one.Success).ThenBy(one => one.Name, StringComparer.Ordinal)];

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
