using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.SizeLimit;

/// <summary>
/// What to delete from a database that exceeds its size limit: the oldest data of whichever kind takes up most, down to <see cref="Target"/> of the limit, so that a database
/// at its limit is not purged continuously. The last hour is always kept, rollups are kept at least as long as the rows they summarize, and hours as long as minutes. If even
/// everything older is not enough, only rows are deleted: years of statistics are not sacrificed for a size that cannot be reached anyway.
/// </summary>
/// <param name="Horizon">The new horizon.</param>
/// <param name="IsExhausted">Whether the limit is still exceeded after deleting everything that may be deleted.</param>
internal sealed record SizePlan(DataHorizon Horizon, bool IsExhausted)
{
    /// <summary>The share of the limit that a purge leaves.</summary>
    public const double Target = 0.95;

    /// <summary>The age up to which data is never deleted.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const int MaxMoves = 8;

    /// <summary>Makes a plan.</summary>
    /// <param name="usedBytes">The current size, above the limit.</param>
    /// <param name="limitBytes">The limit.</param>
    /// <param name="extents">The distribution of the data over time.</param>
    /// <param name="retained">What retention has deleted by now.</param>
    /// <param name="current">What the size limit has deleted by now.</param>
    /// <param name="now">The current time.</param>
    public static SizePlan Of(
        long usedBytes, long limitBytes, IReadOnlyList<StoredExtent> extents, DataHorizon retained, DataHorizon current, DateTimeOffset now)
    {
        // Indexes and partly filled pages belong to the data in proportion.
        double overhead = Math.Max(1, usedBytes / Math.Max(1, extents.Sum(extent => extent.Bytes)));
        var tiers = Enum.GetValues<StoredTier>().ToDictionary(tier => tier, tier => extents.Where(extent => extent.Tier == tier).ToList());
        var horizon = current;
        double gone = Before(tiers, current);
        double excess = (usedBytes - (Target * limitBytes)) / overhead;
        for (int move = 0; move < MaxMoves && excess - (Before(tiers, horizon) - gone) >= 1; move++)
        {
            var fullest = tiers.Where(tier => Before(tier.Value, Last(tier.Key, horizon, retained, now)) - Before(tier.Value, Of(tier.Key, horizon)) >= 1)
                .OrderByDescending(tier => tier.Value.Sum(extent => extent.Bytes)).ThenBy(tier => tier.Key).Select(tier => (StoredTier?)tier.Key).FirstOrDefault();
            if (fullest is not { } tier)
            {
                break;
            }

            double needed = Before(tiers[tier], Of(tier, horizon)) + excess - (Before(tiers, horizon) - gone);
            var cut = RoundUp(Cut(tiers[tier], needed), tier == StoredTier.Rows ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1));
            var last = Last(tier, horizon, retained, now);
            horizon = With(tier, horizon, cut < last ? cut : last);
        }

        bool isExhausted = usedBytes - (overhead * (Before(tiers, horizon) - gone)) > limitBytes;
        return new(isExhausted ? current.Later(DataHorizon.None with { Rows = Last(StoredTier.Rows, horizon, retained, now) }) : horizon, isExhausted);
    }

    private static double Before(Dictionary<StoredTier, List<StoredExtent>> tiers, DataHorizon horizon) => tiers.Sum(tier => Before(tier.Value, Of(tier.Key, horizon)));

    private static double Before(List<StoredExtent> extents, DateTimeOffset time)
    {
        long us = time == DateTimeOffset.MinValue ? long.MinValue : time.ToMicroseconds();
        return extents.Sum(extent => extent.Before(us));
    }

    /// <summary>Returns a time before which at least so many bytes lie, by bisection.</summary>
    private static DateTimeOffset Cut(List<StoredExtent> extents, double bytes)
    {
        long low = extents.Min(extent => extent.FromUs);
        long high = extents.Max(extent => extent.ToUs);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = extents.Sum(extent => extent.Before(middle)) < bytes ? (middle, high) : (low, middle);
        }

        return Microseconds.ToTime(high);
    }

    private static DateTimeOffset Of(StoredTier tier, DataHorizon horizon) => tier switch
    {
        StoredTier.Rows => horizon.Rows,
        StoredTier.Minutes => horizon.Minutes,
        _ => horizon.Hours,
    };

    private static DataHorizon With(StoredTier tier, DataHorizon horizon, DateTimeOffset time) => tier switch
    {
        StoredTier.Rows => horizon with { Rows = time },
        StoredTier.Minutes => horizon with { Minutes = time },
        _ => horizon with { Hours = time },
    };

    /// <summary>The latest possible horizon of a tier.</summary>
    private static DateTimeOffset Last(StoredTier tier, DataHorizon horizon, DataHorizon retained, DateTimeOffset now) => tier switch
    {
        StoredTier.Rows => RoundDown(now - Kept, TimeSpan.FromMinutes(1)),
        StoredTier.Minutes => RoundDown(horizon.Later(retained).Rows, TimeSpan.FromHours(1)),
        _ => horizon.Later(retained).Minutes,
    };

    private static DateTimeOffset RoundDown(DateTimeOffset time, TimeSpan unit) => new(time.UtcTicks - (time.UtcTicks % unit.Ticks), TimeSpan.Zero);

    private static DateTimeOffset RoundUp(DateTimeOffset time, TimeSpan unit) => RoundDown(time, unit) is var down && down == time ? time : down + unit;
}
