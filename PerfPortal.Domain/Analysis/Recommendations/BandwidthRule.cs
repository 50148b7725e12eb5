using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Concurrent downloads of a source are slower than single ones: their median speed is below 0.7 of the single speed with p &lt; 0.01 in the
/// Mann–Whitney test, with at least eight of each among the latest downloads. n downloads that share a link all end after n times the time of one; run in
/// sequence they end after (n + 1)/2 times on average. The gain is mean × (1 − (n + 1)/(2n)), where n is the mean concurrency.
/// </summary>
internal sealed class BandwidthRule : IRecommendationRule
{
    /// <summary>The rule applies below this ratio of concurrent to single speed.</summary>
    public const double SlowShare = 0.7;

    private const double Alpha = 0.01;
    private const string Speed = "download_speed_bytes_per_second";
    private static readonly string[] Bytes = ["bytes_downloaded", "bytes_total"];

    // The sketch is designed for seconds and limited to 10⁷, so speeds are added in MB/s.
    private const double SketchUnit = 1e6;

    /// <summary>
    /// Whether enough downloads may report a speed to make reading them worthwhile. When facts overflowed, any download may report one.
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
            input, RecommendationKinds.Bandwidth, "Limit concurrent downloads",
            $"Concurrent downloads run at {Format.BytesPerSecond(slow)}, single downloads at {Format.BytesPerSecond(fast)}.",
            "Start fewer downloads at once, or give urgent ones a larger share of the bandwidth.",
            $"Median speed of concurrent downloads below {Format.Ratio(SlowShare)} of single ones, p < {Alpha}, at least {MannWhitney.MinimumValues} of each.",
            new($"Saves about {Format.Seconds(saved)} per download on average.", saved, "s per download", "mean × (1 − (n + 1)/(2n)), n = concurrent downloads"),
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
