using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// The mean duration of at least <see cref="MinimumCount"/> downloads is above half of their slow limit (300 s by default; the mean where names have their own), unless the
/// network was measured and a single download already uses most of its observed peak. With k connections, limited by the network headroom and
/// at most four, a download takes 1/k of its time: the gain is mean × (1 − 1/k).
/// </summary>
internal sealed class ParallelDownloadsRule : IRecommendationRule
{
    /// <summary>The minimum number of downloads.</summary>
    public const long MinimumCount = 3;

    private const double SlowFactor = 0.5;
    private const double MaxConnections = 4;
    private const double MinHeadroom = 1.5;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        if (input.Type(MetricType.DownloadOperation) is not { } downloads
            || downloads.Statistics.Count < MinimumCount || downloads.Statistics.Mean is not { } mean)
        {
            yield break;
        }

        double limit = SlowFactor * Limit(input);
        if (mean <= limit)
        {
            yield break;
        }

        double? speed = downloads.Fact("download_speed_bytes_per_second", 1)?.Mean
            ?? (downloads.Fact("bytes_downloaded", 1) is { } bytes ? bytes.Sum / downloads.TotalSeconds : null);
        double? peak = Peak(input);
        double? headroom = speed > 0 ? peak / speed : null;
        if (headroom < MinHeadroom)
        {
            yield break;
        }

        double? connections = headroom is { } room ? Math.Min(MaxConnections, room) : null;
        double? saved = mean * (1 - 1 / connections);
        string text = saved is { } seconds
            ? $"Saves about {Format.Seconds(seconds)} per download with {Format.Number(connections!.Value)} parallel connections."
            : "Unknown: the estimate needs download speeds and network measurements.";
        yield return Subject.Of(input, MetricType.DownloadOperation).Recommend(
            input, RecommendationKinds.ParallelDownloads, "Download in parallel",
            $"Mean duration of {Format.Count(downloads.Statistics.Count)} downloads is {Format.Seconds(mean)}; the limit is {Format.Seconds(limit)}.",
            "Download ranges of a file over several connections in parallel.",
            $"Mean download duration above half of the slow limit of downloads = {Format.Seconds(limit)}, and network headroom of {MinHeadroom} ×.",
            new(text, saved, "s per download", "mean × (1 − 1/k), k = min(4, network peak / speed of one download)"),
            [
                new("mean_duration", mean, "s"), new("downloads", downloads.Statistics.Count, ""),
                .. speed is { } s ? [new EvidenceNumber("speed", s, "B/s")] : Array.Empty<EvidenceNumber>(),
                .. peak is { } p ? [new EvidenceNumber("network_peak", p, "B/s")] : Array.Empty<EvidenceNumber>(),
            ]);
    }

    /// <summary>The slow limit of downloads: the mean over all of them, because names may have their own.</summary>
    private static double Limit(AnalysisInput input)
    {
        var names = input.Groups.Where(group => group.MetricType == MetricType.DownloadOperation).ToList();
        return names.Sum(group => group.Statistics.Count * input.Thresholds.SlowLimit(group.MetricType, group.Name)) / names.Sum(group => group.Statistics.Count);
    }

    /// <summary>The highest receive rate of any host, averaged over a minute.</summary>
    private static double? Peak(AnalysisInput input)
    {
        double peak = input.Hosts.SelectMany(host => host.Minutes)
            .Max(minute => minute.Figures[ResourceMetric.NetworkRxBytesPerSecond]?.Mean) ?? 0;
        return peak > 0 ? peak : null;
    }
}
