using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// The mean efficiency of the collections of one name is below 80 %, over at least <see cref="MinimumCount"/> that report it.
/// The gain is the wasted time: total time × (1 − efficiency).
/// </summary>
internal sealed class AnalyticsEfficiencyRule : IRecommendationRule
{
    /// <summary>The minimum number of collections.</summary>
    public const long MinimumCount = 10;

    /// <summary>The rule applies below this mean efficiency, 0–1.</summary>
    public const double LowEfficiency = 0.8;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) => input.Groups
        .Where(group => group.MetricType == MetricType.AnalyticsCollection && group.Fact("collection_efficiency", MinimumCount) is { Mean: < LowEfficiency })
        .OrderByDescending(group => group.TotalSeconds)
        .Select(group =>
        {
            var efficiency = group.Fact("collection_efficiency", MinimumCount)!.Value;
            double saved = group.TotalSeconds * (1 - efficiency.Mean!.Value);
            return Subject.Of(input, MetricType.AnalyticsCollection, group.Name).Recommend(
                input, RecommendationKinds.AnalyticsEfficiency, $"Improve the efficiency of {group.Name}",
                $"Mean efficiency of {group.Name} is {Format.Ratio(efficiency.Mean.Value)}.",
                "Collect in larger batches and skip unchanged data.",
                $"Mean efficiency below {Format.Ratio(LowEfficiency)} over at least {MinimumCount} collections.",
                new($"Saves up to {Format.Seconds(saved)}{input.PerDay(MetricType.AnalyticsCollection, group.Name)}.", saved, "s per day", "total collection time × (1 − efficiency)"),
                new("mean_efficiency", efficiency.Mean.Value, "share"), new("collections", efficiency.Count, ""), new("time_of_collections", group.TotalSeconds, "s"));
        });
}
