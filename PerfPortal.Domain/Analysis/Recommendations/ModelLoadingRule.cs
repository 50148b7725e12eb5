using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Loading takes more than 30 % of the time of the model operations of one name, over at least <see cref="MinimumCount"/> that report it.
/// With the model kept loaded, one load a day remains: the gain is total load time × (1 − 1/loads).
/// </summary>
internal sealed class ModelLoadingRule : IRecommendationRule
{
    /// <summary>The minimum number of operations.</summary>
    public const long MinimumCount = 10;

    /// <summary>The rule applies above this share of the time, 0–1.</summary>
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
            $"{operations.Name} spends {Format.Ratio(share)} of its time loading the model, {Format.Seconds(loads.Mean!.Value)} per load on average.",
            "Keep the model in memory between operations, or batch operations by model.",
            $"More than {Format.Ratio(HighShare)} of the time spent loading, over at least {MinimumCount} operations.",
            new($"Saves about {Format.Seconds(saved)}{input.PerDay(MetricType.ModelOperation, operations.Name)}.", saved, "s per day", "total load time × (1 − 1/loads)"),
            new("share_of_time", share, "share"), new("time_of_loading", loads.Sum, "s"), new("loads", loads.Count, ""), new("mean_load", loads.Mean.Value, "s"));
    }
}
