using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Deletes expired operations of a type: whole blocks, and out of those that hold others too, only what has expired.</summary>
internal static class SqlitePurge
{
    /// <summary>Deletes at most <paramref name="max"/> operations that ended before a time.</summary>
    /// <returns>How many were deleted.</returns>
    public static int Operations(SqliteDatabase database, MetricType type, DateTimeOffset before, int max) => database.Write((writer, change) =>
    {
        long end = before.ToMicroseconds();
        int deleted = 0;
        foreach (var info in database.Blocks.Directory.All.Where(block => block.Bounds.FirstEnd < end && block.MayHold(type)))
        {
            if (deleted == max)
            {
                break;
            }

            int room = max - deleted;
            int gone = 0;
            var kept = writer.ReadBlock(info).Where(operation => operation.MetricType != type || operation.EndTime >= before || ++gone > room).ToList();
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
