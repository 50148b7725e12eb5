using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>Health checks without any findings in the window, per name.</summary>
internal static class CleanHealthChecks
{
    /// <summary>Returns the names with at least <paramref name="atLeast"/> checks, all of which passed and reported no corruption, no missing files and full integrity.</summary>
    public static IEnumerable<OperationGroup> Of(AnalysisInput input, long atLeast) => input.Groups.Where(group =>
        group.MetricType == MetricType.HealthCheck
        && group.Statistics.Count >= atLeast
        && group.Statistics.Failed == 0
        && group.Fact(HealthCheckFacts.IntegrityScore, 1) is null or { Min: >= 1 }
        && group.Fact(HealthCheckFacts.CorruptionDetected, atLeast) is { Sum: 0 }
        && (group.Fact(HealthCheckFacts.FilesMissing, 1)?.Sum ?? 0) == 0);
}

/// <summary>
/// At least <see cref="MinimumCount"/> checks of one name in a day found no problems and took more than 2.5 times the slow limit of the name in total
/// (300 s by default). With results cached for six hours, four checks a day remain: the gain is mean × (checks − 4).
/// </summary>
internal sealed class HealthCheckCacheRule : IRecommendationRule
{
    /// <summary>The minimum number of checks.</summary>
    public const long MinimumCount = 10;

    private const double SlowFactor = 2.5;
    private const long ChecksThatRemain = 4;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        double LimitOf(OperationGroup group) => SlowFactor * input.Thresholds.SlowLimit(group.MetricType, group.Name);
        return CleanHealthChecks.Of(input, MinimumCount).Where(group => group.TotalSeconds > LimitOf(group)).OrderByDescending(group => group.TotalSeconds).Select(group =>
        {
            long count = group.Statistics.Count;
            double saved = group.Statistics.Mean!.Value * (count - ChecksThatRemain);
            return Subject.Of(input, MetricType.HealthCheck, group.Name).Recommend(
                input, RecommendationKinds.HealthCheckCache, $"Cache results of {group.Name}",
                $"{group.Name} ran {Format.Count(count)} times, {Format.Seconds(group.TotalSeconds)} in total, and found no problems.",
                "Cache a result for six hours while file sizes and modification times are unchanged.",
                $"At least {MinimumCount} checks without problems in 24 h, more than {Format.Seconds(LimitOf(group))} in total ({SlowFactor} × the slow limit).",
                new($"Saves about {Format.Seconds(saved)} of check time{input.PerDay(MetricType.HealthCheck, group.Name)}.", saved, "s per day", $"mean × (checks − {ChecksThatRemain})"),
                new("checks", count, ""), new("found", 0, ""), new("time_of_checks", group.TotalSeconds, "s"), new("mean_duration", group.Statistics.Mean.Value, "s"));
        });
    }
}

/// <summary>
/// More than <see cref="MaxPerDay"/> checks of one name in a day (one every half hour) found no problems. One check an hour remains: the gain is checks − 24.
/// With no problem in n checks, the share of checks that find one is at most 3/n (rule of three, 95 %).
/// </summary>
internal sealed class HealthCheckFrequencyRule : IRecommendationRule
{
    /// <summary>The rule applies above this number of checks a day.</summary>
    public const long MaxPerDay = 48;

    private const long ChecksThatRemain = 24;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) =>
        CleanHealthChecks.Of(input, MaxPerDay + 1).OrderByDescending(group => group.Statistics.Count).Select(group =>
        {
            long count = group.Statistics.Count;
            return Subject.Of(input, MetricType.HealthCheck, group.Name).Recommend(
                input, RecommendationKinds.HealthCheckFrequency, $"Run {group.Name} less often",
                $"{group.Name} ran {Format.Count(count)} times in 24 h and found no problems.",
                "Check once an hour and after each change to the files.",
                $"More than {MaxPerDay} checks without problems in 24 h.",
                new($"{Format.Count(count - ChecksThatRemain)} fewer checks{input.PerDay(MetricType.HealthCheck, group.Name)}.", count - ChecksThatRemain, "checks per day", $"checks − {ChecksThatRemain}"),
                new("checks", count, ""), new("found", 0, ""), new("share_that_finds_at_most", 3.0 / count, "share"), new("mean_duration", group.Statistics.Mean!.Value, "s"));
        });
}
