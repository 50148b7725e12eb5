using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>
/// Finds resources that will run out, or reach a threshold: by a trend of the last six hours (within at most a day), or of the last 14 days (within at most four weeks).
/// See <see cref="ResourceOutlook"/> for when it stays silent.
/// </summary>
/// <param name="series">The series.</param>
/// <param name="active">The operations in progress, for what downloads still bring.</param>
/// <param name="hostOf">Gives the host of the source of an operation; the source itself when it is <see langword="null"/>.</param>
public sealed class ForecastDetector(SeriesReader series, ActiveOperations active, Func<string, string>? hostOf = null) : IFindingDetector
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(3);

    // A download that ended lately still shows in the trend.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(30);

    private readonly SlowOutlooks _slow = new();
    private Dictionary<string, (PendingDownloads Downloads, DateTimeOffset At)> _lately = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.Forecast];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = request.Now;
        var observations = new List<FindingObservation>();
        var targets = ForecastTarget.Of(request.Thresholds);
        var pending = Remember(PendingDownloads.ByHost(active.List(), hostOf ?? (source => source), now), now);
        foreach (var host in await series.ReadHostsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (now - host.SampledAt > Fresh)
            {
                continue;
            }

            var recent = await series.ReadResourcesAsync(
                host.Source, new(now - ResourceOutlook.FastWindow, now), ResourceOutlook.FastStep, cancellationToken).ConfigureAwait(false);
            var hours = await series.ReadResourcesAsync(
                host.Source, new(now - ResourceOutlook.SlowWindow, now), ResourceOutlook.SlowStep, cancellationToken).ConfigureAwait(false);
            var downloads = pending.GetValueOrDefault(host.Source, PendingDownloads.None);
            foreach (var target in targets)
            {
                var days = target.Read(hours);
                var slow = days is null ? null : _slow.Get(target, days, now);
                if (Find(target, host.Source, target.Read(recent), days, slow, downloads, now, LatestOf(target, host)) is { } found)
                {
                    observations.Add(found);
                }
            }
        }

        return observations;
    }

    /// <summary>Looks at one resource of a host.</summary>
    /// <param name="target">The resource.</param>
    /// <param name="host">The host.</param>
    /// <param name="recent">Its five-minute series of the last hours.</param>
    /// <param name="hours">Its hourly series of the last days.</param>
    /// <param name="slow">The forecast by the last days.</param>
    /// <param name="downloads">What running downloads still bring.</param>
    /// <param name="now">The time.</param>
    /// <param name="latest">The value of the newest sample, which the sentence states; that of the trend when it has none.</param>
    public static FindingObservation? Find(
        ForecastTarget target, string host, ResourceSeries? recent, ResourceSeries? hours, ResourceOutlook? slow, PendingDownloads downloads, DateTimeOffset now,
        double? latest = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(downloads);
        var fast = recent is null ? null : ResourceOutlook.Fast(target, recent, hours, now);
        if (recent is not null && !target.IsRising && DiskOutlook.Last(recent, now) is { } free)
        {
            fast = DiskOutlook.With(fast, free, downloads, now);
        }

        var outlook = Join(fast, slow);
        return outlook is null ? null : ForecastFinding.Of(target, host, outlook, downloads, latest);
    }

    /// <summary>One outlook of two: exhaustion before a threshold, the sooner of two alike; a threshold that is reached before is named in it.</summary>
    private static ResourceOutlook? Join(ResourceOutlook? fast, ResourceOutlook? slow)
    {
        if (fast is null || slow is null)
        {
            return fast ?? slow;
        }

        var (first, second) = slow.Median < fast.Median ? (slow, fast) : (fast, slow);
        var (main, other) = first.Limit.IsExhaustion || !second.Limit.IsExhaustion ? (first, second) : (second, first);
        return main.Limit.IsExhaustion && main.Sooner is null && !other.Limit.IsExhaustion && other.Median < main.Median
            ? main with { Sooner = new(other.Limit.Value, other.Early, other.Median, other.Late) }
            : main;
    }

    private static double? LatestOf(ForecastTarget target, ResourceSample newest) => ResourceMetrics.Find(target.Measure) is { } info ? newest[info.Metric] : null;

    /// <summary>Adds the hosts whose downloads ended lately: nothing is to come, but the trend began with them.</summary>
    private Dictionary<string, PendingDownloads> Remember(IReadOnlyDictionary<string, PendingDownloads> running, DateTimeOffset now)
    {
        var lately = running.ToDictionary(pair => pair.Key, pair => (Downloads: pair.Value, At: now), StringComparer.Ordinal);
        foreach (var (host, last) in _lately)
        {
            if (!lately.ContainsKey(host) && (now - last.At).Duration() <= Remembered)
            {
                lately.Add(host, (last.Downloads with { Gib = 0 }, last.At));
            }
        }

        _lately = lately;
        return lately.ToDictionary(pair => pair.Key, pair => pair.Value.Downloads, StringComparer.Ordinal);
    }
}
