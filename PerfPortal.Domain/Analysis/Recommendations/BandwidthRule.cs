using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Downloads that overlap others of the same source are slower than those that run alone: a median speed below 0.7 of theirs with p &lt; 0.01 by the
/// Mann–Whitney test, at least eight of each among the latest downloads. n downloads that share a line all end together after n times the time of one; one after
/// another they end after (n + 1)/2 times on average: the gain is mean × (1 − (n + 1)/(2n)) with n the mean number at once.
/// </summary>
internal sealed class BandwidthRule : IRecommendationRule
{
    /// <summary>The speed beside others, as a share of the speed alone, below which the rule speaks.</summary>
    public const double SlowShare = 0.7;

    private const double Alpha = 0.01;
    private const string Speed = "download_speed_bytes_per_second";
    private static readonly string[] Bytes = ["bytes_downloaded", "bytes_total"];

    // The sketch is made for seconds and ends at 10⁷; speeds go in as MB/s.
    private const double SketchUnit = 1e6;

    /// <summary>
    /// Whether enough downloads may say how fast they were, so that it is worth reading them. Where a fact found no place in the figures, any may.
    /// </summary>
    public static bool MayCompare(AnalysisInput input) =>
        input.Type(MetricType.DownloadOperation)?.Figures is { } downloads
        && (downloads.FactsOverflowed > 0
            || Bytes.Append(Speed).Sum(name => downloads.Facts.GetValueOrDefault(name).Count) >= 2 * MannWhitney.MinimumValues);

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        var alone = new List<double>();
        var beside = new List<(double Speed, int AtOnce, double Seconds)>();
        foreach (var download in input.Downloads)
        {
            if (SpeedOf(download) is not { } speed)
            {
                continue;
            }

            int others = input.Downloads.Count(other => other.Id != download.Id && other.Source == download.Source
                && Overlap(download, other) > download.Duration!.Value.TotalSeconds / 2);
            if (others == 0 && !input.Downloads.Any(other => other.Id != download.Id && other.Source == download.Source && Overlap(download, other) > 0))
            {
                alone.Add(speed);
            }
            else if (others > 0)
            {
                beside.Add((speed, others + 1, download.Duration!.Value.TotalSeconds));
            }
        }

        if (Robust.Median([.. alone]) is not { } fast || Robust.Median([.. beside.Select(item => item.Speed)]) is not { } slow || slow >= SlowShare * fast
            || MannWhitney.Compare(Sketch(beside.Select(item => item.Speed)), Sketch(alone)) is not { PValue: < Alpha } test)
        {
            yield break;
        }

        double atOnce = beside.Average(item => item.AtOnce);
        double mean = beside.Average(item => item.Seconds);
        double saved = mean * (1 - (atOnce + 1) / (2 * atOnce));
        yield return Subject.Of(input, MetricType.DownloadOperation).Recommend(
            input, RecommendationKinds.Bandwidth, "Share the bandwidth out",
            $"Downloads beside others run at {Format.BytesPerSecond(slow)}, alone at {Format.BytesPerSecond(fast)}.",
            "Start fewer downloads at once, or give the urgent ones a larger share of the bandwidth.",
            $"Median speed beside others below {Format.Ratio(SlowShare)} of the speed alone, p < {Alpha}, at least {MannWhitney.MinimumValues} of each.",
            new($"About {Format.Seconds(saved)} less per download on average.", saved, "s per download", "mean × (1 − (n + 1)/(2n)), n = downloads at once"),
            new("speed_alone", fast, "B/s"), new("speed_beside_others", slow, "B/s"), new("downloads_at_once", atOnce, ""),
            new("downloads_alone", alone.Count, ""), new("downloads_beside_others", beside.Count, ""), new("p_value", test.PValue, ""));
    }

    private static double? SpeedOf(Operation download)
    {
        double seconds = download.Duration?.TotalSeconds ?? 0;
        return download.Status != OperationStatus.Succeeded || seconds <= 0
            ? null
            : download.Metadata[Speed].Numeric
                ?? (download.Metadata[Bytes[0]].Numeric ?? download.Metadata[Bytes[1]].Numeric) / seconds;
    }

    private static double Overlap(Operation a, Operation b)
    {
        var from = a.StartTime > b.StartTime ? a.StartTime : b.StartTime;
        var to = a.EndTime < b.EndTime ? a.EndTime : b.EndTime;
        return (to!.Value - from).TotalSeconds;
    }

    private static DurationSketch Sketch(IEnumerable<double> speeds)
    {
        var sketch = new DurationSketch();
        foreach (double speed in speeds)
        {
            sketch.Add(speed / SketchUnit);
        }

        return sketch;
    }
}
