namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>
/// The order in which alternatives are tried. By default: the strategy, then compatibility. With advice: the least expected time to success divided by
/// compatibility, so that a candidate with half the compatibility must succeed in half the time.
/// </summary>
internal static class TryingOrder
{
    /// <summary>Sorts alternatives that may be tried; equal ones stay in the order of the group.</summary>
    /// <param name="alternatives">The alternatives.</param>
    /// <param name="advice">The advice to follow; <see langword="null"/> for the default order.</param>
    /// <param name="compatibilityWeight">The exponent of compatibility, at least 0.</param>
    public static IReadOnlyList<Alternative> Sort(IReadOnlyList<Alternative> alternatives, GroupAdvice? advice, double compatibilityWeight)
    {
        var byDefault = alternatives.OrderBy(item => item.Strategy).ThenByDescending(item => item.Score.Value);
        if (alternatives.Any(item => item.ExpectedSeconds is not null) && advice is not null)
        {
            double everyone = alternatives.Average(item => item.ExpectedSeconds) ?? 0;
            var bySeconds = alternatives.GroupBy(item => item.Strategy).ToDictionary(same => same.Key, same => same.Average(item => item.ExpectedSeconds) ?? everyone);
            return [.. byDefault.OrderBy(item => Cost(item.ExpectedSeconds ?? bySeconds[item.Strategy], item.Score.Value, compatibilityWeight))];
        }

        return advice is null
            ? [.. byDefault]
            : [.. byDefault.OrderBy(item => advice.Candidates.GetValueOrDefault(item.Candidate.Name)?.Rank ?? double.MaxValue)];
    }

    /// <summary>The expected seconds to success per compatibility.</summary>
    public static double Cost(double seconds, double compatibility, double compatibilityWeight) =>
        compatibility <= 0 && compatibilityWeight > 0 ? double.PositiveInfinity : seconds / Math.Pow(compatibility, compatibilityWeight);
}
