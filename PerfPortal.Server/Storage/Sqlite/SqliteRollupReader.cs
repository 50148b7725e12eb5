using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Reads pages of rollups for whoever answers, and packs those that have grown old.</summary>
internal static class SqliteRollupReader
{
    /// <summary>Reads the pages of buckets [<paramref name="from"/>, <paramref name="to"/>) in order.</summary>
    /// <exception cref="InvalidDataException">A page is damaged.</exception>
    public static void Read(
        SqliteConnection connection, NameDirectory directory, RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each,
        CancellationToken cancellationToken)
    {
        const long Farthest = long.MaxValue / 8;
        var numbers = new Dictionary<PageKey, int>();
        int SeriesOf(PageKey key)
        {
            key = key with { Outcome = 0 };
            if (!numbers.TryGetValue(key, out int number))
            {
                number = series.Of(new((MetricType)key.Kind, directory.Sources.NameOf(key.Source), directory.Names.NameOf(key.Name)));
                numbers.Add(key, number);
            }

            return number;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, data FROM rollup_pages WHERE key >= $1 AND key < $2 AND key % 4 = $3 ORDER BY key";
        command.Parameters.AddWithValue("$1", SqliteRollupPages.KeyOf(resolution, Math.Max(from, -Farthest)));
        command.Parameters.AddWithValue("$2", SqliteRollupPages.KeyOf(resolution, Math.Min(to, Farthest)));
        command.Parameters.AddWithValue("$3", (long)resolution);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            each((reader.GetInt64(0) - (long)resolution) / 4, RollupPageFormat.Read(reader.GetFieldValue<byte[]>(1), SeriesOf));
        }
    }

    /// <summary>
    /// Packs at most so many pages that are not packed yet, minutes before <paramref name="denseBefore"/> densely. One transaction; what was written meanwhile stays.
    /// A damaged page is passed over. Answers the key to go on after, or <see langword="null"/> when it came to the end.
    /// </summary>
    public static long? Pack(
        SqliteConnection connection, RollupResolution resolution, long after, DateTimeOffset packedBefore, DateTimeOffset denseBefore, int pages, CancellationToken cancellationToken)
    {
        long dense = resolution == RollupResolution.Minute ? RollupBuckets.Of(resolution, denseBefore) : long.MinValue;
        long first = Math.Max(after + 1, SqliteRollupPages.KeyOf(resolution, 0));
        var found = new List<(long Key, byte[] Data)>();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT key, data FROM rollup_pages WHERE key >= $1 AND key < $2 AND key % 4 = $3 ORDER BY key LIMIT $4";
        select.Parameters.AddWithValue("$1", first);
        select.Parameters.AddWithValue("$2", SqliteRollupPages.KeyOf(resolution, RollupBuckets.Of(resolution, packedBefore)));
        select.Parameters.AddWithValue("$3", (long)resolution);
        select.Parameters.AddWithValue("$4", pages);
        using (var reader = select.ExecuteReader())
        {
            while (reader.Read())
            {
                found.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
            }
        }

        var packed = new List<(long Key, byte[] Old, byte[] New)>();
        foreach (var (key, data) in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var density = (key - (long)resolution) / 4 < dense ? PageDensity.Dense : PageDensity.Packed;
            if (!RollupPageFormat.Is(data, density) && TryPack(data, density) is { } smaller && smaller.Length < data.Length)
            {
                packed.Add((key, data, smaller));
            }
        }

        Write(connection, packed);
        return found.Count == pages ? found[^1].Key : null;
    }

    private static byte[]? TryPack(byte[] data, PageDensity density)
    {
        try
        {
            var keys = new List<PageKey>();
            var page = RollupPageFormat.Read(data, key =>
            {
                keys.Add(key);
                return keys.Count - 1;
            });
            return RollupPageFormat.Write(page.ToRollups().Select(entry => KeyValuePair.Create(keys[entry.Series], entry.Rollup)), density);
        }
        catch (InvalidDataException)
        {
            // Whoever reads it is told; here it only stays as it is.
            return null;
        }
    }

    private static void Write(SqliteConnection connection, List<(long Key, byte[] Old, byte[] New)> packed)
    {
        if (packed.Count == 0)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        using var update = connection.CreateCommand();
        update.Transaction = transaction;
        update.CommandText = "UPDATE rollup_pages SET data = $1 WHERE key = $2 AND data = $3";
        var data = update.Parameters.Add("$1", SqliteType.Blob);
        var at = update.Parameters.Add("$2", SqliteType.Integer);
        var before = update.Parameters.Add("$3", SqliteType.Blob);
        foreach (var (key, old, smaller) in packed)
        {
            (data.Value, at.Value, before.Value) = (smaller, key, old);
            update.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
