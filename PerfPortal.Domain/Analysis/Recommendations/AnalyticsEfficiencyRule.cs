using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Collections of one name are less than 80 % efficient on average, of at least <see cref="MinimumCount"/> that say it.
/// The time that brings nothing is the gain: the time of all × (1 − efficiency).
/// </summary>
internal sealed class AnalyticsEfficiencyRule : IRecommendationRule
{
    /// <summary>The fewest collections that say something.</summary>
    public const long MinimumCount = 10;

    /// <summary>The mean efficiency below which the rule speaks, 0–1.</summary>
    public const double LowEfficiency = 0.8;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) => input.Groups
        .Where(group => group.MetricType == MetricType.AnalyticsCollection && group.Fact("collection_efficiency", MinimumCount) is { Mean: < LowEfficiency })
        .OrderByDescending(group => group.TotalSeconds)
        .Select(group =>
        {
            var efficiency = group.Fact("collection_efficiency", MinimumCount)!.Value;
            double saved = group.TotalSeconds * (1 - efficiency.Mean!.Value);
            return Subject.Of(input, MetricType.AnalyticsCollection, group.Name).Recommend(
                input, RecommendationKinds.AnalyticsEfficiency, $"Make {group.Name} more efficient",
                $"{group.Name} is {Format.Ratio(efficiency.Mean.Value)} efficient on average.",
                "Collect in larger batches, and skip what has not changed.",
                $"A mean efficiency below {Format.Ratio(LowEfficiency)}, of at least {MinimumCount} collections.",
                new($"Up to {Format.Seconds(saved)} a day.", saved, "s per day", "time of all collections × (1 − efficiency)"),
                new("mean_efficiency", efficiency.Mean.Value, "share"), new("collections", efficiency.Count, ""), new("time_of_collections", group.TotalSeconds, "s"));
        });
}
