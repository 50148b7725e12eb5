using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Loading takes more than 30 % of the time of model operations of one name, of at least <see cref="MinimumCount"/> that say it.
/// With the model kept loaded one load a day remains: the gain is the time of loading × (1 − 1/loads).
/// </summary>
internal sealed class ModelLoadingRule : IRecommendationRule
{
    /// <summary>The fewest operations that say something.</summary>
    public const long MinimumCount = 10;

    /// <summary>The share of the time above which the rule speaks, 0–1.</summary>
    public const double HighShare = 0.3;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) =>
        from operations in input.Groups
        where operations.MetricType == MetricType.ModelOperation && operations.TotalSeconds > 0
        let loads = operations.Fact("load_seconds", MinimumCount)
        where loads is not null
        let share = loads.Value.Sum / operations.TotalSeconds
        where share > HighShare
        orderby loads.Value.Sum descending
        select Advise(input, operations, loads.Value, share);

    private static Recommendation Advise(AnalysisInput input, OperationGroup operations, Domain.Statistics.Summary loads, double share)
    {
        double saved = loads.Sum * (1 - 1.0 / loads.Count);
        return Subject.Of(input, MetricType.ModelOperation, operations.Name).Recommend(
            input, RecommendationKinds.ModelLoading, $"Keep the model of {operations.Name} loaded",
            $"{operations.Name} spends {Format.Ratio(share)} of its time on loading: {Format.Seconds(loads.Mean!.Value)} on average.",
            "Keep the model in memory between operations, or collect operations on one model.",
            $"More than {Format.Ratio(HighShare)} of the time on loading, of at least {MinimumCount} operations.",
            new($"About {Format.Seconds(saved)} a day.", saved, "s per day", "time of loading × (1 − 1/loads)"),
            new("share_of_time", share, "share"), new("time_of_loading", loads.Sum, "s"), new("loads", loads.Count, ""), new("mean_load", loads.Mean.Value, "s"));
    }
}
