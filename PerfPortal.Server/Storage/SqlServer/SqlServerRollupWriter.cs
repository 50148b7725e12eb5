using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>Updates or rebuilds stored rollups. Pages are read, deleted and reinserted in batches.</summary>
internal sealed class SqlServerRollupWriter(SqlServerSession session)
{
    // Limits the pages in memory: late reports can affect many minutes.
    private const int PagesAtOnce = 100;

    private readonly RollupPageMerge _merge = new(session.Directory, delta => new(
        (byte)delta.Series.MetricType, session.Directory.Sources.Find(delta.Series.Source)!.Value, session.Directory.Names.Find(delta.Series.Name)!.Value, (byte)delta.Outcome));

    /// <summary>Adds deltas to the pages of their minutes and hours.</summary>
    /// <exception cref="InvalidDataException">A stored page is corrupt.</exception>
    public async Task AddAsync(IReadOnlyList<RollupDelta> deltas)
    {
        await session.StoreNamesAsync(deltas.Select(delta => delta.Series.Name), deltas.Select(delta => delta.Series.Source)).ConfigureAwait(false);
        foreach (var pages in deltas.GroupBy(delta => (delta.Resolution, delta.Bucket)).Chunk(PagesAtOnce))
        {
            var rows = await ReadAsync(pages.SelectMany(page => RollupPageKeys.AllOf(page.Key.Resolution, page.Key.Bucket))).ConfigureAwait(false);
            await WriteAsync([.. pages.Select(page => _merge.Add(page.Key.Resolution, page.Key.Bucket, page, rows))]).ConfigureAwait(false);
        }
    }

    /// <summary>Rebuilds minutes from operation rows, and the affected hours from their minutes.</summary>
    public async Task RebuildAsync(IReadOnlyList<long> minutes)
    {
        await RebuildMinutesAsync(minutes).ConfigureAwait(false);
        foreach (long hour in minutes.Select(RollupBuckets.HourOf).Distinct())
        {
            var rows = await ReadHourAsync(hour).ConfigureAwait(false);
            var damaged = _merge.DamagedMinutes(hour, rows);
            if (damaged.Count > 0)
            {
                await RebuildMinutesAsync(damaged).ConfigureAwait(false);
                rows = await ReadHourAsync(hour).ConfigureAwait(false);
            }

            await WriteAsync([_merge.RebuildHour(hour, rows, rows)]).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a source out of the next pages after a key.</summary>
    /// <returns>The key of the last page, or <see langword="null"/> when there was none.</returns>
    public async Task<long?> TakeOutAsync(RollupPageFilter filter, long after)
    {
        var rows = await session.QueryAsync(
            SqlServerStatement.NextRollupPages, reader => new RollupPageRow { Key = reader.GetInt64(0), Data = reader.GetFieldValue<byte[]>(1) }, PagesAtOnce, after).ConfigureAwait(false);
        var reduced = rows.Select(row => (row.Key, IsReduced: filter.TryTakeOut(row, out byte[] data), Data: data)).Where(row => row.IsReduced).ToList();
        await session.WithNumbersAsync(
            reduced.Where(row => row.Data.Length == 0).Select(row => row.Key), () => session.ExecuteAsync(SqlServerStatement.DeleteRollupPages, session.Batch)).ConfigureAwait(false);
        await WriteAsync([.. reduced.Where(row => row.Data.Length > 0).Select(row => new RollupPageRow { Key = row.Key, Data = row.Data })]).ConfigureAwait(false);
        return rows.Count > 0 ? rows[^1].Key : null;
    }

    private async Task RebuildMinutesAsync(IEnumerable<long> minutes)
    {
        foreach (long[] part in minutes.Distinct().Chunk(PagesAtOnce))
        {
            var rows = await ReadAsync(part.SelectMany(minute => RollupPageKeys.AllOf(RollupResolution.Minute, minute))).ConfigureAwait(false);
            var rebuilt = new List<RollupPageRow>(part.Length);
            foreach (long minute in part)
            {
                rebuilt.Add(_merge.RebuildMinute(minute, await ReadOperationsAsync(minute).ConfigureAwait(false), rows));
            }

            await WriteAsync(rebuilt).ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<Operation>> ReadOperationsAsync(long minute)
    {
        var rows = await session.QueryAsync(
            SqlServerStatement.ReadOperations, SqlServerOperationWriter.Read,
            OperationKeys.First(RollupRebuild.FirstMicrosecond(minute)),
            OperationKeys.First(RollupRebuild.FirstMicrosecond(minute + 1) + OperationKeys.ReachUs)).ConfigureAwait(false);
        return rows.Select(row => EfOperationReader.ToOperation(row, session.Directory));
    }

    /// <summary>Reads the row of an hour and the rows of its minutes.</summary>
    private Task<List<RollupPageRow>> ReadHourAsync(long hour) => ReadAsync(
    [
        RollupPageKeys.Of(RollupResolution.Hour, hour),
        .. Enumerable.Range(0, RollupPageKeys.Minutes).SelectMany(i => RollupPageKeys.AllOf(RollupResolution.Minute, (hour * RollupPageKeys.Minutes) + i)),
    ]);

    private async Task<List<RollupPageRow>> ReadAsync(IEnumerable<long> keys)
    {
        var rows = new List<RollupPageRow>();
        await session.WithNumbersAsync(
            keys,
            async () => rows = await session.QueryAsync(
                SqlServerStatement.FindRollupPages, reader => new RollupPageRow { Key = reader.GetInt64(0), Data = reader.GetFieldValue<byte[]>(1) }, session.Batch).ConfigureAwait(false))
            .ConfigureAwait(false);
        return rows;
    }

    private async Task WriteAsync(IReadOnlyCollection<RollupPageRow> rows)
    {
        await session.WithNumbersAsync(rows.Select(row => row.Key), () => session.ExecuteAsync(SqlServerStatement.DeleteRollupPages, session.Batch)).ConfigureAwait(false);
        var pages = StagedRows.RollupPages();
        foreach (var row in rows)
        {
            pages.Add(row.Key, row.Data);
        }

        await session.CopyAsync(pages).ConfigureAwait(false);
    }
}
