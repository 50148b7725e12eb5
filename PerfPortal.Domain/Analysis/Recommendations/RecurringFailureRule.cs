using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// A name fails more often than <c>failure_rate</c>, at least <see cref="MinimumFailures"/> times, and one kind of error makes at least half of its failures
/// that were looked at (the latest of the window). The gain is failures × the share of that error.
/// </summary>
internal sealed class RecurringFailureRule : IRecommendationRule
{
    /// <summary>The fewest failures that say something.</summary>
    public const long MinimumFailures = 5;

    /// <summary>The share of one error from which on the rule speaks, 0–1.</summary>
    public const double DominatingShare = 0.5;

    /// <summary>The names that fail often enough.</summary>
    public static IEnumerable<OperationGroup> Failing(AnalysisInput input) => input.Groups
        .Where(group => group.Statistics.Failed >= MinimumFailures && group.Statistics.Failed > input.Thresholds.FailureRate * group.Statistics.Count)
        .OrderByDescending(group => group.Statistics.Failed);

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        foreach (var group in Failing(input))
        {
            var seen = input.Failures.Where(failure => failure.MetricType == group.MetricType && failure.Name == group.Name).ToList();
            var error = seen.Where(failure => failure.ErrorType is not null).GroupBy(failure => failure.ErrorType!).MaxBy(errors => errors.Count());
            if (error is null || error.Count() < MinimumFailures || error.Count() < DominatingShare * seen.Count)
            {
                continue;
            }

            double share = (double)error.Count() / seen.Count;
            var figures = group.Statistics;
            double spared = figures.Failed * share;
            double rate = (figures.Succeeded + spared) / figures.Count;
            yield return Subject.Of(input, group.MetricType, group.Name).Recommend(
                input, RecommendationKinds.RecurringFailure, $"Remove {error.Key} from {group.Name}",
                $"{group.Name} failed {Format.Count(figures.Failed)} times of {Format.Count(figures.Count)}, {Format.Ratio(share)} of them with {error.Key}.",
                $"Look at the failures with {error.Key} and remove their cause, or retry only when it can help.",
                $"More than {Format.Ratio(input.Thresholds.FailureRate)} failures, at least {MinimumFailures}, half of them with one error.",
                new(
                    $"Up to {Format.Count(spared)} failures fewer a day; {Format.Ratio(rate)} would succeed.", spared, "failures per day", "failures × share of the error"),
                new("failures", figures.Failed, ""), new("failure_rate", (double)figures.Failed / figures.Count, "share"),
                new("share_of_error", share, "share"), new("failures_looked_at", seen.Count, ""), new("success_rate_without", rate, "share"));
        }
    }
}
