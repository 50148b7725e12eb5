using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>Health checks of one name that found nothing all day.</summary>
internal static class CleanHealthChecks
{
    /// <summary>Names whose checks, at least so many, all said that nothing is corrupt and none that a file is missing.</summary>
    public static IEnumerable<OperationGroup> Of(AnalysisInput input, long atLeast) => input.Groups.Where(group =>
        group.MetricType == MetricType.HealthCheck
        && group.Statistics.Count >= atLeast
        && group.Fact("corruption_detected", atLeast) is { Sum: 0 }
        && (group.Fact("files_missing", 1)?.Sum ?? 0) == 0);
}

/// <summary>
/// At least <see cref="MinimumCount"/> checks of one name in a day found nothing and took more than ten times <c>slow_operation_seconds</c> together
/// (300 s by default). With the result kept for six hours four checks a day remain: the gain is the mean × (checks − 4).
/// </summary>
internal sealed class HealthCheckCacheRule : IRecommendationRule
{
    /// <summary>The fewest checks that say something.</summary>
    public const long MinimumCount = 10;

    private const double SlowFactor = 10;
    private const long ChecksThatRemain = 4;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        double limit = SlowFactor * input.Thresholds.SlowOperationSeconds;
        return CleanHealthChecks.Of(input, MinimumCount).Where(group => group.TotalSeconds > limit).OrderByDescending(group => group.TotalSeconds).Select(group =>
        {
            long count = group.Statistics.Count;
            double saved = group.Statistics.Mean!.Value * (count - ChecksThatRemain);
            return Subject.Of(input, MetricType.HealthCheck, group.Name).Recommend(
                input, RecommendationKinds.HealthCheckCache, $"Keep results of {group.Name}",
                $"{group.Name} ran {Format.Count(count)} times for {Format.Seconds(group.TotalSeconds)} in all and found nothing.",
                "Keep a result for six hours while size and time of change of the files stay the same.",
                $"At least {MinimumCount} checks in 24 h that found nothing, more than {Format.Seconds(limit)} in all ({SlowFactor:0} × slow_operation_seconds).",
                new($"About {Format.Seconds(saved)} of checking a day.", saved, "s per day", $"mean × (checks − {ChecksThatRemain})"),
                new("checks", count, ""), new("found", 0, ""), new("time_of_checks", group.TotalSeconds, "s"), new("mean_duration", group.Statistics.Mean.Value, "s"));
        });
    }
}

/// <summary>
/// More than <see cref="MaxPerDay"/> checks of one name in a day (one each half hour) found nothing. Once an hour remains: the gain is checks − 24.
/// With no find in n checks, at most 3/n of them would find something (rule of three, 95 %).
/// </summary>
internal sealed class HealthCheckFrequencyRule : IRecommendationRule
{
    /// <summary>The number of checks in a day above which the rule speaks.</summary>
    public const long MaxPerDay = 48;

    private const long ChecksThatRemain = 24;

    public IEnumerable<Recommendation> Advise(AnalysisInput input) =>
        CleanHealthChecks.Of(input, MaxPerDay + 1).OrderByDescending(group => group.Statistics.Count).Select(group =>
        {
            long count = group.Statistics.Count;
            return Subject.Of(input, MetricType.HealthCheck, group.Name).Recommend(
                input, RecommendationKinds.HealthCheckFrequency, $"Run {group.Name} less often",
                $"{group.Name} ran {Format.Count(count)} times in 24 h and found nothing.",
                "Check once an hour, and after each change of the files.",
                $"More than {MaxPerDay} checks in 24 h that found nothing.",
                new($"{Format.Count(count - ChecksThatRemain)} checks fewer a day.", count - ChecksThatRemain, "checks per day", $"checks − {ChecksThatRemain}"),
                new("checks", count, ""), new("found", 0, ""), new("share_that_finds_at_most", 3.0 / count, "share"));
        });
}
