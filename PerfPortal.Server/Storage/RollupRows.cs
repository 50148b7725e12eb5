using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage;

/// <summary>Reads rollups that are stored one a row, as on SQL Server, into pages.</summary>
internal static class RollupRows
{
    /// <summary>Reads the rows of buckets [<paramref name="from"/>, <paramref name="to"/>) and makes a page of each bucket.</summary>
    public static async Task ReadAsync(
        PortalDbContext context, NameDirectory directory, RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each,
        CancellationToken cancellationToken)
    {
        byte unit = (byte)resolution;
        var rows = context.Set<Model.RollupRow>().AsNoTracking().Where(row => row.Resolution == unit && row.Bucket >= from && row.Bucket < to).OrderBy(row => row.Bucket);
        var page = new List<(int, byte, Rollup)>();
        long bucket = 0;
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (row.Bucket != bucket && page.Count > 0)
            {
                each(bucket, RollupPage.Of(page));
                page.Clear();
            }

            bucket = row.Bucket;
            page.Add((
                series.Of(new((MetricType)row.MetricType, directory.Sources.NameOf(row.SourceId), directory.Names.NameOf(row.NameId))), row.Outcome,
                Rollup.FromBytes(row.Data)));
        }

        if (page.Count > 0)
        {
            each(bucket, RollupPage.Of(page));
        }
    }
}
