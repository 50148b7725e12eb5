using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The durable store behind the journal. A single writer calls it, one call at a time; each call is one atomic transaction.
/// </summary>
public interface IJournalStore
{
    /// <summary>
    /// Stores entries in order and marks the minutes whose rollups they change as dirty, in the same transaction.
    /// Storing an ended operation deletes its running state. After a cancellation nothing is stored, or an
    /// <see cref="UncertainCommitException"/> is thrown.
    /// </summary>
    /// <returns>One result for each entry, in order.</returns>
    ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken);

    /// <summary>Adds deltas to the stored rollups and clears the dirty marks of the minutes in <paramref name="cleanMinutes"/>, in one transaction.</summary>
    ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken);

    /// <summary>Returns the minutes (since 1970) whose rollups had not been written when the process ended.</summary>
    ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Rebuilds all rollups of these minutes from the operation rows, rebuilds the hours that contain them from
    /// their minutes, and clears the dirty marks.
    /// </summary>
    ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken);

    /// <summary>Whether a retry may succeed: the database is unavailable, locked or full.</summary>
    bool IsTransient(Exception exception);

    /// <summary>Tells apart the failures that people remedy in different ways.</summary>
    StoreFailureKind Classify(Exception exception) => StoreFailureKind.Unavailable;

    /// <summary>Explains a failure to people, with the remedy and without credentials.</summary>
    string Explain(Exception exception) => exception.Message;

    /// <summary>Writes something without effect. Throws while the store is unavailable.</summary>
    ValueTask ProbeAsync(CancellationToken cancellationToken) => AddRollupsAsync([], [], cancellationToken);
}

/// <summary>Why the store cannot be written.</summary>
public enum StoreFailureKind
{
    /// <summary>It can be written.</summary>
    None,

    /// <summary>The database is unavailable, locked or read-only.</summary>
    Unavailable,

    /// <summary>The disk that holds the database is full.</summary>
    DiskFull,
}

/// <summary>The length of a rollup bucket. The numeric values are stored.</summary>
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
    /// <summary>The length of one bucket in seconds.</summary>
    public static long Seconds(this RollupResolution resolution) => resolution == RollupResolution.Minute ? 60 : 3600;

    /// <summary>The bucket that contains a time.</summary>
    public static long Of(RollupResolution resolution, DateTimeOffset time) =>
        FloorDivide(time.ToMicroseconds(), resolution.Seconds() * 1_000_000);

    /// <summary>The hour that contains a minute, both counted since 1970.</summary>
    public static long HourOf(long minute) => FloorDivide(minute, 60);

    /// <summary>Integer division, rounded down.</summary>
    internal static long FloorDivide(long value, long by)
    {
        long quotient = Math.DivRem(value, by, out long rest);
        return rest < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The start of a bucket.</summary>
    public static DateTimeOffset Start(RollupResolution resolution, long bucket) =>
        DateTimeOffset.UnixEpoch.AddSeconds(bucket * resolution.Seconds());
}

/// <summary>An addition to one stored rollup.</summary>
/// <param name="Resolution">Minute or hour.</param>
/// <param name="Bucket">The number of the minute or hour since 1970.</param>
/// <param name="Series">The series.</param>
/// <param name="Outcome">The outcome; rollups are kept per outcome.</param>
/// <param name="Rollup">The figures to add.</param>
public sealed record RollupDelta(RollupResolution Resolution, long Bucket, SeriesKey Series, OperationStatus Outcome, Rollup Rollup);
