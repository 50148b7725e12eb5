using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Packs pages of rollups that change seldom, and gathers the minutes of an hour in one row once they are old: most of what a minute says the one before it said,
/// too. What the writer changes meanwhile stays, and a damaged row is passed over.
/// </summary>
internal sealed class SqliteRollupPacker
{
    private const int RowsAtOnce = 500;
    private const int Minutes = 60;

    // How far each work has come; a late report to what lies before is packed after the next start.
    private readonly ConcurrentDictionary<RollupResolution, long> _done = new();

    /// <summary>Does a bounded part of the work.</summary>
    /// <param name="connection">An open connection that nobody else uses meanwhile.</param>
    /// <param name="packedBefore">Pages before it are compressed.</param>
    /// <param name="gatheredBefore">Hours that end before it have their minutes in one row.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    /// <returns>Whether there is more to do now.</returns>
    public bool Step(SqliteConnection connection, DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken)
    {
        var old = Next(connection, SqliteRollupRows.MinutesOfHour, RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Hour, gatheredBefore) * Minutes, out bool hasMore);
        Write(connection, [.. old.GroupBy(row => RollupBuckets.HourOf(SqliteRollupRows.BucketOf(row.Key))).SelectMany(hour => Gather(connection, hour.Key, hour, cancellationToken))]);
        if (hasMore)
        {
            return true;
        }

        foreach (var resolution in new[] { RollupResolution.Minute, RollupResolution.Hour })
        {
            var rows = Next(connection, resolution, resolution, RollupBuckets.Of(resolution, packedBefore), out bool haveMore);
            Write(connection, [.. rows.SelectMany(row => Pack(row, cancellationToken))]);
            hasMore |= haveMore;
        }

        return hasMore;
    }

    /// <summary>The next rows of minutes or hours before a bucket.</summary>
    private List<Row> Next(SqliteConnection connection, RollupResolution work, RollupResolution resolution, long before, out bool hasMore)
    {
        long after = _done.GetValueOrDefault(work, SqliteRollupRows.KeyOf(resolution, 0) - 1);
        long end = SqliteRollupRows.KeyOf(resolution, before);
        var rows = new List<Row>();
        using var select = Command(
            connection, "SELECT key, data FROM rollup_pages WHERE key > $1 AND key < $2 AND key % 4 = $3 ORDER BY key LIMIT $4", after, end, (long)resolution, (long)RowsAtOnce);
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        hasMore = rows.Count == RowsAtOnce;
        _done[work] = hasMore ? rows[^1].Key : Math.Max(after, end - 1);
        return rows;
    }

    private static IEnumerable<Change> Gather(SqliteConnection connection, long hour, IEnumerable<Row> minutes, CancellationToken cancellationToken)
    {
        long first = hour * Minutes;
        var keys = new PageKeyNumbers();
        try
        {
            using var select = Command(connection, SqliteRollupRows.Select, SqliteRollupRows.Range(RollupResolution.Minute, first, first + Minutes));
            var pages = SqliteRollupRows.Read(select, first, first + Minutes, keys.NumberOf, cancellationToken);
            byte[] gathered = SqliteRollupRows.WriteMinutes(pages.SelectMany(page => keys.RollupsOf(page.Value).Select(entry => ((int)(page.Key - first), entry.Key, entry.Value))));
            return
            [
                new("INSERT INTO rollup_pages (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data", [SqliteRollupRows.KeyOf(SqliteRollupRows.MinutesOfHour, hour), gathered]),
                .. minutes.Select(row => new Change("DELETE FROM rollup_pages WHERE key = $1 AND data = $2", [row.Key, row.Data])),
            ];
        }
        catch (InvalidDataException)
        {
            // Whoever reads it is told; here it only stays as it is.
            return [];
        }
    }

    private static IEnumerable<Change> Pack(Row row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (RollupPageFormat.IsPacked(row.Data))
        {
            return [];
        }

        var keys = new PageKeyNumbers();
        try
        {
            byte[] packed = RollupPageFormat.Write(keys.RollupsOf(RollupPageFormat.Read(row.Data, keys.NumberOf)), PageDensity.Packed);
            return packed.Length < row.Data.Length ? [new("UPDATE rollup_pages SET data = $1 WHERE key = $2 AND data = $3", [packed, row.Key, row.Data])] : [];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static void Write(SqliteConnection connection, List<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var change in changes)
        {
            using var command = Command(connection, change.Text, change.Values);
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (object value in values)
        {
            command.Parameters.AddWithValue($"${command.Parameters.Count + 1}", value);
        }

        return command;
    }

    private sealed record Row(long Key, byte[] Data);

    private sealed record Change(string Text, object[] Values);
}
