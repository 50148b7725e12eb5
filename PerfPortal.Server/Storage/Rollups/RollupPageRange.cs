using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>The buckets [<see cref="From"/>, <see cref="To"/>) of one resolution, and the keys of the rows that may contain them.</summary>
internal readonly record struct RollupPageRange
{
    // A key can be computed for any bucket within.
    private const long Farthest = long.MaxValue / 8;

    /// <summary>A range of minutes or hours; an end beyond any stored bucket is allowed.</summary>
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

    /// <summary>Minutes or hours.</summary>
    public RollupResolution Resolution { get; }

    /// <summary>The first bucket.</summary>
    public long From { get; }

    /// <summary>The bucket after the last.</summary>
    public long To { get; }

    /// <summary>The first key of rows of one bucket.</summary>
    public long FirstKey => RollupPageKeys.Of(Resolution, From);

    /// <summary>The key after the rows of one bucket.</summary>
    public long EndKey => RollupPageKeys.Of(Resolution, To);

    /// <summary>The first key of rows that hold the minutes of an hour.</summary>
    public long FirstHourKey { get; }

    /// <summary>The key after the rows that hold the minutes of an hour.</summary>
    public long EndHourKey { get; }

    /// <summary>One minute or hour.</summary>
    public static RollupPageRange Of(RollupResolution resolution, long bucket) => new(resolution, bucket, bucket + 1);

    /// <summary>The minutes of an hour.</summary>
    public static RollupPageRange MinutesOf(long hour) => new(RollupResolution.Minute, hour * RollupPageKeys.Minutes, (hour + 1) * RollupPageKeys.Minutes);

    /// <summary>Whether a bucket is within.</summary>
    public bool Contains(long bucket) => bucket >= From && bucket < To;
}
