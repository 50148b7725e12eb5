using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Reads pages of rollups for whoever answers.</summary>
internal static class SqliteRollupReader
{
    /// <summary>Reads the pages of buckets [<paramref name="from"/>, <paramref name="to"/>) in order. They are in memory together, so ask for a range of modest length.</summary>
    /// <exception cref="InvalidDataException">A page is damaged.</exception>
    public static void Read(
        SqliteConnection connection, NameDirectory directory, RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each,
        CancellationToken cancellationToken)
    {
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
        command.CommandText = SqliteRollupRows.Select;
        foreach (object value in SqliteRollupRows.Range(resolution, from, to))
        {
            command.Parameters.AddWithValue($"${command.Parameters.Count + 1}", value);
        }

        foreach (var (bucket, page) in SqliteRollupRows.Read(command, from, to, SeriesOf, cancellationToken).Where(page => page.Value.Count > 0))
        {
            each(bucket, page);
        }
    }
}
