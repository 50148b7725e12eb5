using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Downloads are retried more than once on average, over at least <see cref="MinimumCount"/> that report retries. Of r + 1 attempts, r are wasted:
/// the gain is total download time × r/(r + 1).
/// </summary>
internal sealed class RetriesRule : IRecommendationRule
{
    /// <summary>The minimum number of downloads.</summary>
    public const long MinimumCount = 10;

    /// <summary>The rule applies above this mean number of retries.</summary>
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
            input, RecommendationKinds.Retries, "Reduce retries",
            $"Downloads are retried {Format.Number(mean)} times on average ({Format.Count(retries.Sum)} retries in {Format.Count(retries.Count)} downloads).",
            "Wait longer between attempts, resume instead of restarting, and fix the errors behind the retries.",
            $"More than {MeanRetries} retry per download on average over at least {MinimumCount} downloads.",
            new($"Saves up to {Format.Seconds(saved)} of download time{input.PerDay(MetricType.DownloadOperation)}.", saved, "s per day", "total download time × r/(r + 1), r = mean retries"),
            new("mean_retries", mean, ""), new("most_retries", retries.Max, ""), new("downloads", retries.Count, ""),
            new("time_of_downloads", downloads.TotalSeconds, "s"));
    }
}
