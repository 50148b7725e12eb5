using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.Rollups;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The size of the data in an SQLite file, and its distribution over time.</summary>
internal static class SqliteExtents
{
    // What a row costs in addition to its data.
    private const int RowBytes = 24;

    private const int VacuumPages = 1_000;

    /// <summary>Returns the size of the pages that contain data. The file also contains free pages, which the next purge returns, and has a log beside it.</summary>
    public static long ReadUsedBytes(SqliteConnection connection) =>
        (Scalar(connection, "PRAGMA page_count") - Scalar(connection, "PRAGMA freelist_count")) * Scalar(connection, "PRAGMA page_size");

    /// <summary>Returns some free pages to the file system; otherwise the file never shrinks.</summary>
    public static void ReleaseSome(SqliteConnection connection) => Run(connection, $"PRAGMA incremental_vacuum({VacuumPages})");

    /// <summary>Returns free pages to the file system in steps, so that writers can run in between, and empties the log into the file.</summary>
    public static void Release(SqliteConnection connection, CancellationToken cancellationToken)
    {
        for (long free = Scalar(connection, "PRAGMA freelist_count"); free > 0 && !cancellationToken.IsCancellationRequested;)
        {
            ReleaseSome(connection);
            long left = Scalar(connection, "PRAGMA freelist_count");
            if (left >= free)
            {
                break;
            }

            free = left;
        }

        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Returns the distribution of operations, samples and rollups over time.</summary>
    public static List<StoredExtent> Read(SqliteConnection connection)
    {
        var extents = new List<StoredExtent>();
        Each(connection, "SELECT first_end_us, last_end_us, LENGTH(data) + LENGTH(series) FROM operation_blocks", row =>
            extents.Add(new(StoredTier.Rows, row.GetInt64(0), row.GetInt64(1) + 1, row.GetInt64(2) + RowBytes)));
        Each(connection, $"SELECT at_us / {StoredExtent.Hour}, SUM(LENGTH(data)), COUNT(*) FROM resource_samples GROUP BY 1", row =>
            extents.Add(OfHour(StoredTier.Rows, row.GetInt64(0), row.GetInt64(1) + (row.GetInt64(2) * RowBytes))));
        Each(connection, "SELECT key, LENGTH(data) FROM rollup_pages", row =>
        {
            long key = row.GetInt64(0);
            long bucket = RollupPageKeys.BucketOf(key);
            bool isMinute = RollupPageKeys.KindOf(key) == RollupResolution.Minute;
            extents.Add(OfHour(
                RollupPageKeys.KindOf(key) == RollupResolution.Hour ? StoredTier.Hours : StoredTier.Minutes, isMinute ? RollupBuckets.HourOf(bucket) : bucket, row.GetInt64(1) + RowBytes));
        });
        Each(connection, "SELECT resolution, bucket / (CASE resolution WHEN 1 THEN 60 ELSE 1 END), SUM(LENGTH(data)), COUNT(*) FROM resource_rollups GROUP BY 1, 2", row =>
            extents.Add(OfHour(
                row.GetInt64(0) == (long)RollupResolution.Hour ? StoredTier.Hours : StoredTier.Minutes, row.GetInt64(1), row.GetInt64(2) + (row.GetInt64(3) * RowBytes))));
        return extents;
    }

    private static StoredExtent OfHour(StoredTier tier, long hour, double bytes) => new(tier, hour * StoredExtent.Hour, (hour + 1) * StoredExtent.Hour, bytes);

    private static void Each(SqliteConnection connection, string text, Action<SqliteDataReader> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            read(reader);
        }
    }

    private static void Run(SqliteConnection connection, string text) => Each(connection, text, _ => { });

    private static long Scalar(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return (long)command.ExecuteScalar()!;
    }
}
