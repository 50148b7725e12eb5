using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>Constants shared by the fallback rules.</summary>
internal static class Fallbacks
{
    /// <summary>The minimum number of fallbacks.</summary>
    public const long MinimumCount = 10;

    public static OperationGroup? Of(AnalysisInput input) => input.Type(MetricType.FallbackStrategy);
}

/// <summary>
/// Fallbacks consider more than three alternatives on average. If the second alternative fits, only two are considered:
/// the gain is mean duration × (1 − 2/alternatives), assuming that all alternatives cost about the same.
/// </summary>
internal sealed class FallbackOrderRule : IRecommendationRule
{
    /// <summary>The rule applies above this mean number of alternatives.</summary>
    public const double MeanAlternatives = 3;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (Fallbacks.Of(input) is not { Statistics.Mean: { } mean } fallbacks
            || fallbacks.Fact("alternatives_considered", Fallbacks.MinimumCount) is not { Mean: > MeanAlternatives } alternatives)
        {
            yield break;
        }

        double saved = mean * (1 - 2 / alternatives.Mean.Value);
        yield return Subject.Of(input, MetricType.FallbackStrategy).Recommend(
            input, RecommendationKinds.FallbackOrder, "Try the most likely alternative first",
            $"A fallback considers {Format.Number(alternatives.Mean.Value)} alternatives on average.",
            "Order alternatives by how often they were chosen and succeeded.",
            $"More than {MeanAlternatives} alternatives on average over at least {Fallbacks.MinimumCount} fallbacks.",
            new($"Saves up to {Format.Seconds(saved)} per fallback.", saved, "s per fallback", "mean × (1 − 2/alternatives)"),
            new("mean_alternatives", alternatives.Mean.Value, ""), new("fallbacks", alternatives.Count, ""), new("mean_duration", mean, "s"));
    }
}

/// <summary>
/// The cache hit rate of fallbacks is below 50 %. The gain is an upper bound: at a hit rate of 80 %, with hits that take no time, it is
/// total fallback time × (0.8 − share)/(1 − share).
/// </summary>
internal sealed class FallbackCacheRule : IRecommendationRule
{
    /// <summary>The rule applies below this hit rate, 0–1.</summary>
    public const double LowShare = 0.5;

    private const double GoodShare = 0.8;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (Fallbacks.Of(input) is not { } fallbacks || fallbacks.Fact("cache_hit", Fallbacks.MinimumCount) is not { Mean: < LowShare } hits)
        {
            yield break;
        }

        double share = hits.Mean.Value;
        double saved = fallbacks.TotalSeconds * (GoodShare - share) / (1 - share);
        yield return Subject.Of(input, MetricType.FallbackStrategy).Recommend(
            input, RecommendationKinds.FallbackCache, "Cache fallback results",
            $"Cache hit rate of {Format.Count(hits.Count)} fallbacks is {Format.Ratio(share)}.",
            "Cache compatibility scores for longer, keyed by model and version only.",
            $"Cache hit rate below {Format.Ratio(LowShare)} over at least {Fallbacks.MinimumCount} fallbacks.",
            new($"Saves up to {Format.Seconds(saved)}{input.PerDay(MetricType.FallbackStrategy)} at a hit rate of {Format.Ratio(GoodShare)}.", saved, "s per day", "total fallback time × (0.8 − share)/(1 − share)"),
            new("cache_hit_share", share, "share"), new("fallbacks", hits.Count, ""), new("time_of_fallbacks", fallbacks.TotalSeconds, "s"));
    }
}

/// <summary>The mean compatibility score of the alternatives is below 0.7. The gain is the difference to 0.7.</summary>
internal sealed class FallbackCompatibilityRule : IRecommendationRule
{
    /// <summary>The rule applies below this mean score, 0–1.</summary>
    public const double LowScore = 0.7;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (Fallbacks.Of(input) is not { } fallbacks || fallbacks.Fact("compatibility_score", Fallbacks.MinimumCount) is not { Mean: < LowScore } score)
        {
            yield break;
        }

        yield return Subject.Of(input, MetricType.FallbackStrategy).Recommend(
            input, RecommendationKinds.FallbackCompatibility, "Provide more compatible alternatives",
            $"Mean compatibility score of alternatives is {Format.Number(score.Mean.Value)}; the lowest is {Format.Number(score.Min)}.",
            "Keep compatible variants of the most requested models available.",
            $"Mean compatibility score below {LowScore} over at least {Fallbacks.MinimumCount} fallbacks.",
            new($"Raises the mean score by {Format.Number(LowScore - score.Mean.Value)} to {LowScore}.", LowScore - score.Mean.Value, "score", "0.7 − mean score"),
            new("mean_compatibility_score", score.Mean.Value, ""), new("lowest_compatibility_score", score.Min, ""), new("fallbacks", score.Count, ""));
    }
}
