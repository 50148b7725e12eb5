using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>The bounds that the rules on fallbacks share.</summary>
internal static class Fallbacks
{
    /// <summary>The fewest fallbacks that say something.</summary>
    public const long MinimumCount = 10;

    public static OperationGroup? Of(AnalysisInput input) => input.Type(MetricType.FallbackStrategy);
}

/// <summary>
/// Fallbacks consider more than three alternatives on average. When the second fits, all but two are spared:
/// the gain is mean duration × (1 − 2/alternatives), as each alternative costs about the same.
/// </summary>
internal sealed class FallbackOrderRule : IRecommendationRule
{
    /// <summary>The mean number of alternatives above which the rule speaks.</summary>
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
            input, RecommendationKinds.FallbackOrder, "Try the likeliest alternative first",
            $"A fallback considers {Format.Number(alternatives.Mean.Value)} alternatives on average.",
            "Order alternatives by how often they were chosen and succeeded before.",
            $"More than {MeanAlternatives} alternatives on average, of at least {Fallbacks.MinimumCount} fallbacks.",
            new($"Up to {Format.Seconds(saved)} less per fallback.", saved, "s per fallback", "mean × (1 − 2/alternatives)"),
            new("mean_alternatives", alternatives.Mean.Value, ""), new("fallbacks", alternatives.Count, ""), new("mean_duration", mean, "s"));
    }
}

/// <summary>
/// Less than half of the fallbacks are answered from the cache. At four fifths, with hits that take no time, the time spent on the hits that are missing
/// would be spared: the gain is the time of all fallbacks × (0.8 − share)/(1 − share), at most.
/// </summary>
internal sealed class FallbackCacheRule : IRecommendationRule
{
    /// <summary>The share of hits below which the rule speaks, 0–1.</summary>
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
            input, RecommendationKinds.FallbackCache, "Keep the answers of fallbacks",
            $"{Format.Ratio(share)} of {Format.Count(hits.Count)} fallbacks were answered from the cache.",
            "Keep compatibility scores for longer, and key them by model and version only.",
            $"Less than {Format.Ratio(LowShare)} from the cache, of at least {Fallbacks.MinimumCount} fallbacks.",
            new($"Up to {Format.Seconds(saved)} a day at {Format.Ratio(GoodShare)}.", saved, "s per day", "time of all fallbacks × (0.8 − share)/(1 − share)"),
            new("cache_hit_share", share, "share"), new("fallbacks", hits.Count, ""), new("time_of_fallbacks", fallbacks.TotalSeconds, "s"));
    }
}

/// <summary>The alternatives that fallbacks find fit with a score below 0.7 on average. The gain is the distance to that.</summary>
internal sealed class FallbackCompatibilityRule : IRecommendationRule
{
    /// <summary>The mean score below which the rule speaks, 0–1.</summary>
    public const double LowScore = 0.7;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (Fallbacks.Of(input) is not { } fallbacks || fallbacks.Fact("compatibility_score", Fallbacks.MinimumCount) is not { Mean: < LowScore } score)
        {
            yield break;
        }

        yield return Subject.Of(input, MetricType.FallbackStrategy).Recommend(
            input, RecommendationKinds.FallbackCompatibility, "Keep alternatives that fit better",
            $"Alternatives fit with a compatibility score of {Format.Number(score.Mean.Value)} on average, the worst with {Format.Number(score.Min)}.",
            "Keep a compatible variant of the models that are asked for most at hand.",
            $"A mean compatibility score below {LowScore}, of at least {Fallbacks.MinimumCount} fallbacks.",
            new($"{Format.Number(LowScore - score.Mean.Value)} more to reach {LowScore}.", LowScore - score.Mean.Value, "score", "0.7 − mean score"),
            new("mean_compatibility_score", score.Mean.Value, ""), new("lowest_compatibility_score", score.Min, ""), new("fallbacks", score.Count, ""));
    }
}
