using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Deletes expired data.</summary>
internal static class SqlitePurge
{
    /// <summary>Runs one retention step.</summary>
    /// <returns>The number of deleted rows or, for operations, of deleted operations.</returns>
    public static int Step(SqliteDatabase database, PurgeStep step)
    {
        int deleted = step.Kind == PurgeKind.Operations
            ? Operations(database, step.Selector == PurgeStep.AllTypes ? null : (MetricType)step.Selector, step.Before, step.Rows)
            : Rows(database, step);
        if (deleted > 0)
        {
            using var connection = database.OpenConnection();
            SqliteExtents.ReleaseSome(connection);
        }

        return deleted;
    }

    private static int Rows(SqliteDatabase database, PurgeStep step)
    {
        var resolution = (RollupResolution)Math.Max((byte)1, step.Selector);
        long bucket = RollupBuckets.Of(resolution, step.Before);
        return step.Kind switch
        {
            PurgeKind.Samples => Execute(
                database, "DELETE FROM resource_samples WHERE rowid IN (SELECT rowid FROM resource_samples WHERE at_us < $1 LIMIT $2)", step.Before.ToMicroseconds(), step.Rows),
            PurgeKind.Rollups => Execute(
                database,
                """
                DELETE FROM rollup_pages WHERE key IN (
                    SELECT key FROM rollup_pages WHERE key < $1 AND key % 4 = $2
                    UNION ALL SELECT key FROM rollup_pages WHERE key < $3 AND key % 4 = 3 LIMIT $4)
                """,
                RollupPageKeys.Of(resolution, bucket), step.Selector, RollupPageKeys.EndOfMinutes(resolution, bucket), step.Rows),
            _ => Execute(
                database, "DELETE FROM resource_rollups WHERE rowid IN (SELECT rowid FROM resource_rollups WHERE resolution = $1 AND bucket < $2 LIMIT $3)",
                step.Selector, bucket, step.Rows),
        };
    }

    private static int Execute(SqliteDatabase database, string text, params long[] values)
    {
        using var connection = database.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (long value in values)
        {
            command.Parameters.AddWithValue($"${command.Parameters.Count + 1}", value);
        }

        return command.ExecuteNonQuery();
    }

    /// <summary>
    /// Deletes at most <paramref name="max"/> operations of a type, or of all types, that ended before a time. Blocks that also contain other operations are rewritten without the
    /// expired ones; whole blocks are deleted without reading them, even beyond the maximum.
    /// </summary>
    /// <returns>The number of deleted operations.</returns>
    private static int Operations(SqliteDatabase database, MetricType? type, DateTimeOffset before, int max) => database.Write((writer, change) =>
    {
        long end = before.ToMicroseconds();
        int deleted = 0;
        foreach (var info in database.Blocks.Directory.All.Where(block => block.Bounds.FirstEnd < end && (type is null || block.MayContain(type.Value))))
        {
            if (deleted >= max)
            {
                break;
            }

            if (type is null && info.Bounds.LastEnd < end)
            {
                deleted += info.Count;
                writer.DeleteBlock(info.Id, change);
                continue;
            }

            int room = max - deleted;
            int gone = 0;
            var kept = writer.ReadBlock(info).Where(operation => (type is not null && operation.MetricType != type) || operation.EndTime >= before || ++gone > room).ToList();
            gone = Math.Min(gone, room);
            if (gone > 0)
            {
                deleted += gone;
                writer.DeleteBlock(info.Id, change);
                if (kept.Count > 0)
                {
                    writer.InsertBlock(kept, info.State, info.StoredUs, change);
                }
            }
        }

        return deleted;
    });
}
