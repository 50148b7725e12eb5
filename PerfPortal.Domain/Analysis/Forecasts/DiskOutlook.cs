using PerfPortal.Domain.Analysis.Series;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>When a disk will be full, with what running downloads still bring counted in.</summary>
internal static class DiskOutlook
{
    // Of a trend that is mostly downloads, no more than this is noise of their rate.
    private const double DownloadShare = 0.6;
    private const double MaxHours = 24;
    private const int LastSteps = 3;

    /// <summary>A trend that begins this close to a download began with it.</summary>
    public static readonly TimeSpan Coincidence = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Unseen = TimeSpan.FromMinutes(30);

    /// <summary>Changes the forecast of free space by what running downloads still bring; may return a forecast where there was none, and none where the trend ends with the downloads.</summary>
    /// <param name="trend">The forecast by trend, or <see langword="null"/>.</param>
    /// <param name="free">The free space now, GiB.</param>
    /// <param name="pending">The running downloads.</param>
    /// <param name="now">The time.</param>
    public static ResourceOutlook? With(ResourceOutlook? trend, double free, PendingDownloads pending, DateTimeOffset now)
    {
        if (pending.Count == 0 || free <= 0)
        {
            return trend;
        }

        if (pending.Gib >= free)
        {
            double hours = pending.GibPerHour > 0 ? free / pending.GibPerHour : double.PositiveInfinity;
            return trend is not null && trend.Median <= hours
                ? trend
                : hours > MaxHours
                    ? null
                    : new(new(0, true), hours / 1.5, hours, hours * 1.5, free, -pending.GibPerHour, 0, pending.Since ?? now, pending.Since ?? now, now);
        }

        if (trend is null)
        {
            return null;
        }

        // Downloads that came one after the other for longer than these are a trend; one that has just begun does not show in it yet, and takes its part at once.
        if (pending.Since - Coincidence > trend.Since)
        {
            return now - pending.Since < Unseen ? Scaled(trend, Math.Max(0, trend.Level - pending.Gib) / trend.Level) : trend;
        }

        // What a download takes by the hour is no trend: it ends with it. What remains shrinks what it leaves.
        double rest = -trend.SlopePerHour - pending.GibPerHour;
        if (rest <= (1 - DownloadShare) * -trend.SlopePerHour)
        {
            return null;
        }

        double left = Math.Max(0, trend.Level - pending.Gib - trend.Limit.Value);
        double factor = left / Math.Max(trend.Level - trend.Limit.Value, double.Epsilon) * (-trend.SlopePerHour / rest);
        return Scaled(trend, factor);
    }

    private static ResourceOutlook Scaled(ResourceOutlook trend, double factor) =>
        trend with { Early = trend.Early * factor, Median = trend.Median * factor, Late = trend.Late * factor, Sooner = null };

    /// <summary>The latest value of a series, if it is one of the last three steps.</summary>
    public static double? Last(ResourceSeries series, DateTimeOffset now)
    {
        for (int i = series.Values.Count - 1; i >= Math.Max(0, series.Values.Count - LastSteps); i--)
        {
            if (double.IsFinite(series.Values[i]) && series.TimeOf(i) < now)
            {
                return series.Values[i];
            }
        }

        return null;
    }
}
