using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Reads rollup pages for queries.</summary>
internal static class SqliteRollupReader
{
    /// <summary>Reads the pages of a range in order. All pages are loaded into memory, so the range should be short.</summary>
    /// <exception cref="InvalidDataException">A page is corrupt.</exception>
    public static void Read(
        SqliteConnection connection, RollupPageRange range, PageSeriesNumbers series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        var pages = new RollupPageCollector(range, series.NumberOf);
        using var select = connection.CreateCommand();
        select.CommandText = SqliteRollupPages.Select;
        foreach (object value in SqliteRollupPages.Values(range))
        {
            select.Parameters.AddWithValue($"${select.Parameters.Count + 1}", value);
        }

        foreach (var row in SqliteRollupPages.Read(select))
        {
            cancellationToken.ThrowIfCancellationRequested();
            pages.Add(row);
        }

        foreach (var (bucket, page) in pages.Build().Where(page => page.Value.Count > 0))
        {
            each(bucket, page);
        }
    }
}
