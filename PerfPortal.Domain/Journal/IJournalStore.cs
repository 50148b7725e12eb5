using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Where the journal makes things durable. One writer calls it, one call at a time; each call is one transaction:
/// it holds in whole or not at all.
/// </summary>
public interface IJournalStore
{
    /// <summary>
    /// Stores entries in their order and marks the minutes whose rollups they change as dirty, in the same transaction.
    /// An operation that ended takes its running state away.
    /// </summary>
    /// <returns>One result for each entry, in order.</returns>
    ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);

    /// <summary>Adds deltas to the stored rollups and clears the dirty marks of these minutes, in one transaction.</summary>
    ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken);

    /// <summary>The minutes (since 1970) whose rollups were not written when the process ended.</summary>
    ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces all rollups of these minutes by what the operation rows say, rebuilds the hours that they lie in from
    /// their minutes, and clears the dirty marks.
    /// </summary>
    ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken);

    /// <summary>Whether waiting may help: the database is away, locked or full, and the same entries may be stored later.</summary>
    bool IsTransient(Exception exception);
}

/// <summary>How much time a rollup is of. The numeric values are stored.</summary>
public enum RollupResolution : byte
{
    /// <summary>One minute; a bucket is the number of minutes since 1970.</summary>
    Minute = 1,

    /// <summary>One hour; a bucket is the number of hours since 1970.</summary>
    Hour = 2,
}

/// <summary>The arithmetic of rollup buckets.</summary>
public static class RollupBuckets
{
    /// <summary>Seconds of one bucket.</summary>
    public static long Seconds(this RollupResolution resolution) => resolution == RollupResolution.Minute ? 60 : 3600;

    /// <summary>The bucket that a time lies in.</summary>
    public static long Of(RollupResolution resolution, DateTimeOffset time) =>
        FloorDivide(time.ToMicroseconds(), resolution.Seconds() * 1_000_000);

    /// <summary>The hour that a minute lies in, both counted since 1970.</summary>
    public static long HourOf(long minute) => FloorDivide(minute, 60);

    /// <summary>The largest whole number that is not above the quotient.</summary>
    internal static long FloorDivide(long value, long by)
    {
        long quotient = Math.DivRem(value, by, out long rest);
        return rest < 0 ? quotient - 1 : quotient;
    }

    /// <summary>When a bucket begins.</summary>
    public static DateTimeOffset Start(RollupResolution resolution, long bucket) =>
        DateTimeOffset.UnixEpoch.AddSeconds(bucket * resolution.Seconds());
}

/// <summary>What is added to one stored rollup.</summary>
/// <param name="Resolution">Minute or hour.</param>
/// <param name="Bucket">Which minute or hour since 1970.</param>
/// <param name="Series">The series.</param>
/// <param name="Outcome">The outcome; rollups are kept per outcome.</param>
/// <param name="Rollup">What is added.</param>
public sealed record RollupDelta(RollupResolution Resolution, long Bucket, SeriesKey Series, OperationStatus Outcome, Rollup Rollup);
