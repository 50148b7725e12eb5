using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Updates the table <c>rollup_pages</c> within the writer's transaction. Each changed minute or hour gets its own row.</summary>
/// <param name="statements">The writer's prepared statements.</param>
/// <param name="merge">Computes the new rows.</param>
internal sealed class SqliteRollupPages(SqliteStatements statements, RollupPageMerge merge)
{
    /// <summary>Inserts a row or replaces the one with the same key.</summary>
    public const string Upsert = "INSERT INTO rollup_pages (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data";

    /// <summary>Selects key and data for <see cref="Values"/> in one snapshot: rows of single minutes or hours, and rows with the merged minutes of an hour.</summary>
    public const string Select =
        """
        SELECT key, data FROM rollup_pages WHERE key >= $1 AND key < $2 AND key % 4 = $3
        UNION ALL SELECT key, data FROM rollup_pages WHERE key >= $4 AND key < $5 AND key % 4 = 3
        """;

    /// <summary>The parameter values of <see cref="Select"/>.</summary>
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

    /// <summary>Adds rollups to the stored pages of their minutes and hours.</summary>
    /// <exception cref="InvalidDataException">A stored page is corrupt.</exception>
    public void Add(IEnumerable<RollupDelta> deltas)
    {
        foreach (var page in deltas.GroupBy(delta => (delta.Resolution, delta.Bucket)))
        {
            var (resolution, bucket) = page.Key;
            Write(merge.Add(resolution, bucket, page, Read(RollupPageRange.Of(resolution, bucket))));
        }
    }

    /// <summary>Rebuilds a minute from the rollups of all operations that ended in it.</summary>
    public void RebuildMinute(long minute, IReadOnlyCollection<RollupDelta> made) =>
        Write(merge.RebuildMinute(minute, made, Read(RollupPageRange.Of(RollupResolution.Minute, minute))));

    /// <summary>Rebuilds an hour from its minutes.</summary>
    /// <exception cref="InvalidDataException">The page of a minute is corrupt.</exception>
    public void RebuildHour(long hour) =>
        Write(merge.RebuildHour(hour, Read(RollupPageRange.MinutesOf(hour)), Read(RollupPageRange.Of(RollupResolution.Hour, hour))));

    /// <summary>Returns the minutes of an hour whose pages are corrupt.</summary>
    public IReadOnlyList<long> DamagedMinutes(long hour) => merge.DamagedMinutes(hour, [.. Read(RollupPageRange.MinutesOf(hour))]);

    /// <summary>Returns the next rows after a key.</summary>
    public List<RollupPageRow> Next(long after, int count) =>
        [.. Read(statements.Prepare("SELECT key, data FROM rollup_pages WHERE key > $1 ORDER BY key LIMIT $2", after, (long)count))];

    /// <summary>
    /// Stores a row from which rollups were taken, or deletes it if none is left. A minute whose hour has a row of merged minutes keeps an empty row, which takes precedence.
    /// </summary>
    public void Reduce(RollupPageRow row, byte[] data)
    {
        if (data.Length > 0)
        {
            Write(new() { Key = row.Key, Data = data });
        }
        else if (RollupPageKeys.KindOf(row.Key) == RollupResolution.Minute && HasMinutesOfHour(RollupBuckets.HourOf(RollupPageKeys.BucketOf(row.Key))))
        {
            Write(new() { Key = row.Key, Data = RollupPageFormat.Write([], PageDensity.Plain) });
        }
        else
        {
            statements.Prepare("DELETE FROM rollup_pages WHERE key = $1", row.Key).ExecuteNonQuery();
        }
    }

    private bool HasMinutesOfHour(long hour) =>
        statements.Prepare("SELECT COUNT(*) FROM rollup_pages WHERE key = $1", RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, hour)).ExecuteScalar() is > 0L;

    /// <summary>Reads lazily on enumeration, because all reads share the writer's command.</summary>
    private IEnumerable<RollupPageRow> Read(RollupPageRange range)
    {
        foreach (var row in Read(statements.Prepare(Select, Values(range))))
        {
            yield return row;
        }
    }

    private void Write(RollupPageRow row) => statements.Prepare(Upsert, row.Key, row.Data).ExecuteNonQuery();
}
