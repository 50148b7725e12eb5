using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>The buckets [<see cref="From"/>, <see cref="To"/>) of one resolution, and the keys of the rows that can contain them.</summary>
internal readonly record struct RollupPageRange
{
    // Keys of buckets within this limit do not overflow.
    private const long Farthest = long.MaxValue / 8;

    /// <summary>Creates a range of minutes or hours. The end may exceed any stored bucket.</summary>
    public RollupPageRange(RollupResolution resolution, long from, long to)
    {
        Resolution = resolution;
        From = Math.Max(from, -Farthest);
        To = Math.Min(to, Farthest);
        if (resolution == RollupResolution.Minute && From < To)
        {
            FirstHourKey = RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, RollupBuckets.HourOf(From));
            EndHourKey = RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, RollupBuckets.HourOf(To - 1) + 1);
        }
    }

    /// <summary>The resolution: minutes or hours.</summary>
    public RollupResolution Resolution { get; }

    /// <summary>The first bucket.</summary>
    public long From { get; }

    /// <summary>The exclusive end of the buckets.</summary>
    public long To { get; }

    /// <summary>The first key of single-bucket rows.</summary>
    public long FirstKey => RollupPageKeys.Of(Resolution, From);

    /// <summary>The exclusive end key of single-bucket rows.</summary>
    public long EndKey => RollupPageKeys.Of(Resolution, To);

    /// <summary>The first key of rows with the merged minutes of an hour.</summary>
    public long FirstHourKey { get; }

    /// <summary>The exclusive end key of rows with the merged minutes of an hour.</summary>
    public long EndHourKey { get; }

    /// <summary>Creates a range of one minute or hour.</summary>
    public static RollupPageRange Of(RollupResolution resolution, long bucket) => new(resolution, bucket, bucket + 1);

    /// <summary>Creates a range of the minutes of an hour.</summary>
    public static RollupPageRange MinutesOf(long hour) => new(RollupResolution.Minute, hour * RollupPageKeys.Minutes, (hour + 1) * RollupPageKeys.Minutes);

    /// <summary>Whether the range contains a bucket.</summary>
    public bool Contains(long bucket) => bucket >= From && bucket < To;
}
