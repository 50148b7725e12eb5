using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>What running downloads still bring to a host.</summary>
/// <param name="Gib">The amount that is still to come, GiB.</param>
/// <param name="GibPerHour">How fast it comes, GiB per hour; 0 when that is unknown.</param>
/// <param name="Count">The number of downloads with a known amount.</param>
/// <param name="HasUnknown">Whether there are downloads of which the amount is unknown.</param>
/// <param name="Since">When the oldest of them began; <see langword="null"/> without any.</param>
public sealed record PendingDownloads(double Gib, double GibPerHour, int Count, bool HasUnknown, DateTimeOffset? Since)
{
    private const double Gibibyte = 1L << 30;
    private const double SecondsPerHour = 3600;

    /// <summary>None.</summary>
    public static PendingDownloads None { get; } = new(0, 0, 0, false, null);

    /// <summary>Adds up the downloads of each host.</summary>
    /// <param name="active">The operations in progress.</param>
    /// <param name="hostOf">Gives the host of a source.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyDictionary<string, PendingDownloads> ByHost(IEnumerable<ActiveOperation> active, Func<string, string> hostOf, DateTimeOffset now)
    {
        var byHost = new Dictionary<string, PendingDownloads>(StringComparer.Ordinal);
        foreach (var one in active)
        {
            if (one.Current is { MetricType: MetricType.DownloadOperation } current)
            {
                string host = hostOf(current.Source);
                byHost[host] = byHost.GetValueOrDefault(host, None).With(current, one.RateAt(now)?.PerSecond ?? 0);
            }
        }

        return byHost;
    }

    /// <summary>Adds a download. Its amount is known where it is reported in bytes.</summary>
    public PendingDownloads With(Operation download, double perSecond)
    {
        ArgumentNullException.ThrowIfNull(download);
        var since = download.RunningSince();
        since = Since is { } known && known < since ? known : since;
        return download.Progress is { Total: { } total, Unit: "bytes" or "B" or "byte" } progress
            ? new(Gib + (Math.Max(0, total - progress.Done) / Gibibyte), GibPerHour + (perSecond * SecondsPerHour / Gibibyte), Count + 1, HasUnknown, since)
            : this with { HasUnknown = true, Since = since };
    }
}
