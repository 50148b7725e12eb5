using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Downloads are retried more than once on average, of at least <see cref="MinimumCount"/> that say it. Of r + 1 attempts r bring nothing:
/// the gain is the time of all downloads × r/(r + 1).
/// </summary>
internal sealed class RetriesRule : IRecommendationRule
{
    /// <summary>The fewest downloads that say something.</summary>
    public const long MinimumCount = 10;

    /// <summary>The mean number of retries above which the rule speaks.</summary>
    public const double MeanRetries = 1;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (input.Type(MetricType.DownloadOperation) is not { } downloads
            || downloads.Fact("retry_count", MinimumCount) is not { Mean: > MeanRetries } retries)
        {
            yield break;
        }

        double mean = retries.Mean.Value;
        double saved = downloads.TotalSeconds * mean / (mean + 1);
        yield return Subject.Of(input, MetricType.DownloadOperation).Recommend(
            input, RecommendationKinds.Retries, "Make retries rarer",
            $"Downloads are retried {Format.Number(mean)} times on average ({Format.Count(retries.Sum)} retries of {Format.Count(retries.Count)} downloads).",
            "Wait longer between attempts, resume instead of starting over, and look at the errors behind the retries.",
            $"More than {MeanRetries} retry per download on average, of at least {MinimumCount} downloads.",
            new($"Up to {Format.Seconds(saved)} of downloading a day.", saved, "s per day", "time of all downloads × r/(r + 1), r = mean retries"),
            new("mean_retries", mean, ""), new("most_retries", retries.Max, ""), new("downloads", retries.Count, ""),
            new("time_of_downloads", downloads.TotalSeconds, "s"));
    }
}
