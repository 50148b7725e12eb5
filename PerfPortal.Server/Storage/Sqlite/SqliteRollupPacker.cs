using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Compresses rollup pages that rarely change, and merges the minutes of an hour into one row once they are old, because consecutive minutes are mostly
/// similar. Rows that the writer changes concurrently are left unchanged, and corrupt rows are skipped.
/// </summary>
internal sealed class SqliteRollupPacker
{
    private const int RowsAtOnce = 500;

    // The progress of each task. Pages changed by late reports behind it are packed after the next startup.
    private readonly ConcurrentDictionary<RollupResolution, long> _done = new();

    /// <summary>Performs a bounded amount of work.</summary>
    /// <param name="connection">An open connection for exclusive use.</param>
    /// <param name="packedBefore">Pages before this time are compressed.</param>
    /// <param name="gatheredBefore">The minutes of hours that end before this time are merged into one row.</param>
    /// <param name="cancellationToken">Cancels the operation before anything is changed.</param>
    /// <returns>Whether more work remains.</returns>
    public bool Step(SqliteConnection connection, DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken)
    {
        var old = Next(connection, RollupPageKeys.MinutesOfHour, RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Hour, gatheredBefore) * RollupPageKeys.Minutes, out bool hasMore);
        Write(connection, [.. old.GroupBy(row => RollupBuckets.HourOf(RollupPageKeys.BucketOf(row.Key))).SelectMany(hour => Gather(connection, hour.Key, hour, cancellationToken))]);
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

    /// <summary>Returns the next rows of minutes or hours before a bucket.</summary>
    private List<RollupPageRow> Next(SqliteConnection connection, RollupResolution work, RollupResolution resolution, long before, out bool hasMore)
    {
        long after = _done.GetValueOrDefault(work, RollupPageKeys.Of(resolution, 0) - 1);
        long end = RollupPageKeys.Of(resolution, before);
        using var select = Command(
            connection, "SELECT key, data FROM rollup_pages WHERE key > $1 AND key < $2 AND key % 4 = $3 ORDER BY key LIMIT $4", after, end, (long)resolution, (long)RowsAtOnce);
        var rows = SqliteRollupPages.Read(select).ToList();
        hasMore = rows.Count == RowsAtOnce;
        _done[work] = hasMore ? rows[^1].Key : Math.Max(after, end - 1);
        return rows;
    }

    private static IEnumerable<Change> Gather(SqliteConnection connection, long hour, IEnumerable<RollupPageRow> minutes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var range = RollupPageRange.MinutesOf(hour);
        var keys = new PageKeyNumbers();
        try
        {
            using var select = Command(connection, SqliteRollupPages.Select, SqliteRollupPages.Values(range));
            var pages = RollupPageCollector.Read(SqliteRollupPages.Read(select), range, keys.NumberOf);
            byte[] gathered = MinutesOfHourFormat.Write(pages.SelectMany(page => keys.RollupsOf(page.Value).Select(entry => ((int)(page.Key - range.From), entry.Key, entry.Value))));
            return
            [
                new(SqliteRollupPages.Upsert, [RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, hour), gathered]),
                .. minutes.Select(row => new Change("DELETE FROM rollup_pages WHERE key = $1 AND data = $2", [row.Key, row.Data])),
            ];
        }
        catch (InvalidDataException)
        {
            // Readers report the corruption; the packer leaves the row unchanged.
            return [];
        }
    }

    private static IEnumerable<Change> Pack(RollupPageRow row, CancellationToken cancellationToken)
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

    private sealed record Change(string Text, object[] Values);
}
