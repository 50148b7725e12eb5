using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>
/// The keys of the table <c>rollup_pages</c>: four times the bucket plus the kind of row. A minute has its own row or, when it is old, shares the row of its hour's
/// minutes. If both rows contain it, its own row takes precedence, even if empty, so a change to one minute never rewrites the others.
/// </summary>
internal static class RollupPageKeys
{
    /// <summary>The kind of a row with the merged minutes of an hour; its bucket is the hour.</summary>
    public const RollupResolution MinutesOfHour = (RollupResolution)3;

    /// <summary>Minutes per hour.</summary>
    public const int Minutes = 60;

    /// <summary>Returns the key of a row. Keys of minutes and of hours for the same time are far apart; each kind is in time order.</summary>
    public static long Of(RollupResolution resolution, long bucket) => (bucket * 4) + (long)resolution;

    /// <summary>Returns the keys of all rows that can contain a bucket.</summary>
    public static long[] AllOf(RollupResolution resolution, long bucket) => resolution == RollupResolution.Minute
        ? [Of(resolution, bucket), Of(MinutesOfHour, RollupBuckets.HourOf(bucket))]
        : [Of(resolution, bucket)];

    /// <summary>Returns the minute or hour of a key.</summary>
    public static long BucketOf(long key) => key >> 2;

    /// <summary>Returns the kind of a row.</summary>
    public static RollupResolution KindOf(long key) => (RollupResolution)(key & 3);

    /// <summary>Returns the first key after the merged rows of hours that end at or before the start of a minute; 0 if the buckets are hours.</summary>
    public static long EndOfMinutes(RollupResolution resolution, long bucket) => resolution == RollupResolution.Minute ? Of(MinutesOfHour, RollupBuckets.HourOf(bucket)) : 0;
}
