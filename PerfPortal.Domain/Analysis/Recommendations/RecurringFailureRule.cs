using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// The failure rate of a name exceeds <c>failure_rate</c> with at least <see cref="MinimumFailures"/> failures, and one error type causes at least half of the
/// examined failures (the latest of the window). The gain is failures × the share of that error.
/// </summary>
internal sealed class RecurringFailureRule : IRecommendationRule
{
    /// <summary>The minimum number of failures.</summary>
    public const long MinimumFailures = 5;

    /// <summary>The rule applies from this share of one error type, 0–1.</summary>
    public const double DominatingShare = 0.5;

    /// <summary>Returns the names with enough failures, most failures first.</summary>
    public static IEnumerable<OperationGroup> Failing(AnalysisInput input) => input.Groups
        .Where(group => group.Statistics.Failed >= MinimumFailures && group.Statistics.Failed > input.Thresholds.FailureRate * group.Statistics.Count)
        .OrderByDescending(group => group.Statistics.Failed);

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        foreach (var group in Failing(input))
        {
            var seen = input.Failures.Where(failure => failure.MetricType == group.MetricType && failure.Name == group.Name).ToList();
            var error = seen.Where(failure => failure.ErrorType is not null).GroupBy(failure => failure.ErrorType!)
                .OrderByDescending(errors => errors.Count()).ThenBy(errors => errors.Key, StringComparer.Ordinal).FirstOrDefault();
            if (error is null || error.Count() < MinimumFailures || error.Count() < DominatingShare * seen.Count)
            {
                continue;
            }

            double share = (double)error.Count() / seen.Count;
            var figures = group.Statistics;
            double spared = figures.Failed * share;
            double rate = (figures.Succeeded + spared) / figures.Count;
            string noun = OperationNouns.Plural(group.MetricType);
            string about = seen.Count < figures.Failed ? "About " : "";
            yield return Subject.Of(input, group.MetricType, group.Name).Recommend(
                input, RecommendationKinds.RecurringFailure, $"Fix \"{error.Key}\" in {noun} of {group.Name}",
                $"{about}{Format.Count(spared)} of {Format.Count(figures.Count)} {noun} of {group.Name} failed with {error.Key}.",
                $"Fix the cause of {error.Key}, or retry only where a retry can succeed.",
                $"Failure rate above {Format.Ratio(input.Thresholds.FailureRate)}, at least {MinimumFailures} failures, half of them with the same error.",
                new(
                    $"Up to {Format.Count(spared)} fewer failures{input.PerDay(group.MetricType, group.Name)}; the success rate rises to {Format.Ratio(rate)}.",
                    spared, "failures per day", "failures × share of the error"),
                new("failures", figures.Failed, ""), new("failure_rate", (double)figures.Failed / figures.Count, "share"),
                new("share_of_error", share, "share"), new("failures_looked_at", seen.Count, ""), new("success_rate_without", rate, "share"),
                new("mean_duration", figures.Mean ?? 0, "s")) with
            { Cause = error.Key };
        }
    }
}
