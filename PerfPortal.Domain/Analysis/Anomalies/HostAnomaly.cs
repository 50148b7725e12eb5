using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>Describes what is unusual about a host.</summary>
internal static class HostAnomaly
{
    private const double SmallestShare = 0.1;
    private const double LongestImpact = 3600;
    private const double ImpactOfLeast = 300;

    /// <summary>Returns the problem of a host that lasts, or ended after a step; otherwise <see langword="null"/>.</summary>
    public static FindingObservation? Observe(HostWatch host, long endedAfter, PerformanceThresholds thresholds)
    {
        if (host.Lead is not { } lead || host.EpisodeOf(lead) is not { } episode)
        {
            return null;
        }

        var members = Enumerable.Range(0, WatchedMetric.All.Count)
            .Select(index => (Index: index, Episode: host.EpisodeOf(index))).Where(member => member.Episode is not null).ToList();
        long? until = host.IsUnusual ? null : members.Max(member => member.Episode!.Until);
        if (until <= endedAfter)
        {
            return null;
        }

        var watched = WatchedMetric.All[lead];
        var info = watched.Metric.Info();
        var others = Others(host, lead, members.Select(member => member.Index));
        string sentence = AnomalyWords.Sentence(
            $"{watched.Words} of {host.Source}", TimeOf(episode.Since), until is { } end ? TimeOf(end) : null, episode.Observed, episode.Usual.Low, episode.Usual.High, info.Unit);
        return new()
        {
            Kind = FindingKind.Anomaly,
            Subject = new(host.Source, null, null, info.WireName),
            Since = TimeOf(episode.Since),
            SinceLow = TimeOf(episode.After),
            SinceHigh = TimeOf(episode.Since + 1),
            Until = until is { } over ? TimeOf(over) : null,
            Size = episode.Observed - episode.Usual.Middle,
            Unit = info.Unit,
            Confidence = episode.Confidence,
            Severity = IsCritical(watched.Metric, episode.Peak, thresholds) ? Severity.Critical : Severity.Warning,
            Impact = Math.Min(LongestImpact, ImpactOfLeast * (episode.Observed - episode.Usual.High) / Math.Max(watched.Least, watched.LeastRatio * episode.Usual.High)),
            Sentence = others.Count == 0 ? sentence : $"{sentence} Unusual too: {AnomalyWords.List([.. others.Select(index => WatchedMetric.All[index].Words)])}.",
            Action = "See which operations ran on the host since then.",
            Evidence = [.. Numbers(episode, info.Unit), .. Shares(host, others.Prepend(lead))],
        };
    }

    private static IEnumerable<EvidenceNumber> Numbers(Episode episode, string unit) =>
    [
        new("observed", episode.Observed, unit), new("expected_low", episode.Usual.Low, unit), new("expected", episode.Usual.Middle, unit),
        new("expected_high", episode.Usual.High, unit), new("peak", episode.Peak, unit),
    ];

    private static IEnumerable<EvidenceNumber> Shares(HostWatch host, IEnumerable<int> metrics) =>
        host.Shares.Count == 0 ? [] : metrics.Select(index => new EvidenceNumber("share_" + WatchedMetric.All[index].Metric.Info().WireName, host.Shares[index], "share"));

    /// <summary>The other metrics that are unusual on their own or contribute much, the largest contribution first.</summary>
    private static List<int> Others(HostWatch host, int lead, IEnumerable<int> members) =>
    [
        .. members.Concat(Enumerable.Range(0, host.Shares.Count).Where(index => host.Shares[index] >= SmallestShare)).Distinct().Where(index => index != lead)
            .OrderByDescending(index => host.Shares.Count == 0 ? 0 : host.Shares[index]),
    ];

    private static bool IsCritical(ResourceMetric metric, double peak, PerformanceThresholds thresholds) => metric switch
    {
        ResourceMetric.CpuPercent => peak >= thresholds.HighCpuPercent,
        ResourceMetric.MemoryPercent => peak >= thresholds.HighMemoryPercent,
        ResourceMetric.GpuMemoryPercent => peak >= thresholds.HighGpuMemoryPercent,
        _ => false,
    };

    private static DateTimeOffset TimeOf(long step) => new(step * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
