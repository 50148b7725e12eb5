using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The table <c>rollup_pages</c> as the writer changes it, within its transaction: each changed minute or hour gets its own row.</summary>
/// <param name="statements">The writer's commands.</param>
/// <param name="merge">Computes the new rows.</param>
internal sealed class SqliteRollupPages(SqliteStatements statements, RollupPageMerge merge)
{
    /// <summary>Writes a row, in place of one with the same key.</summary>
    public const string Upsert = "INSERT INTO rollup_pages (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data";

    /// <summary>Selects key and data by <see cref="Values"/>, of one moment: the rows of minutes or hours, and those of the minutes of an hour.</summary>
    public const string Select =
        """
        SELECT key, data FROM rollup_pages WHERE key >= $1 AND key < $2 AND key % 4 = $3
        UNION ALL SELECT key, data FROM rollup_pages WHERE key >= $4 AND key < $5 AND key % 4 = 3
        """;

    /// <summary>The values of <see cref="Select"/>.</summary>
    public static object[] Values(RollupPageRange range) => [range.FirstKey, range.EndKey, (long)range.Resolution, range.FirstHourKey, range.EndHourKey];

    /// <summary>Runs a command that selects key and data.</summary>
    public static IEnumerable<RollupPageRow> Read(SqliteCommand select)
    {
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            yield return new() { Key = reader.GetInt64(0), Data = reader.GetFieldValue<byte[]>(1) };
        }
    }

    /// <summary>Adds rollups to what is stored of their minutes and hours.</summary>
    /// <exception cref="InvalidDataException">A stored page is damaged.</exception>
    public void Add(IEnumerable<RollupDelta> deltas)
    {
        foreach (var page in deltas.GroupBy(delta => (delta.Resolution, delta.Bucket)))
        {
            var (resolution, bucket) = page.Key;
            Write(merge.Add(resolution, bucket, page, Read(RollupPageRange.Of(resolution, bucket))));
        }
    }

    /// <summary>Rebuilds a minute from operations.</summary>
    public void RebuildMinute(long minute, IEnumerable<Operation> operations) =>
        Write(merge.RebuildMinute(minute, operations, Read(RollupPageRange.Of(RollupResolution.Minute, minute))));

    /// <summary>Rebuilds an hour from its minutes.</summary>
    /// <exception cref="InvalidDataException">A page of a minute is damaged.</exception>
    public void RebuildHour(long hour) =>
        Write(merge.RebuildHour(hour, Read(RollupPageRange.MinutesOf(hour)), Read(RollupPageRange.Of(RollupResolution.Hour, hour))));

    /// <summary>The minutes of an hour whose pages cannot be read.</summary>
    public IReadOnlyList<long> DamagedMinutes(long hour) => merge.DamagedMinutes(hour, [.. Read(RollupPageRange.MinutesOf(hour))]);

    /// <summary>Reads when it is enumerated: the writer's command is shared by all reads.</summary>
    private IEnumerable<RollupPageRow> Read(RollupPageRange range)
    {
        foreach (var row in Read(statements.Prepare(Select, Values(range))))
        {
            yield return row;
        }
    }

    private void Write(RollupPageRow row) => statements.Prepare(Upsert, row.Key, row.Data).ExecuteNonQuery();
}
