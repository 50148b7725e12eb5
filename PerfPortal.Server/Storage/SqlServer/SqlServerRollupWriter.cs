using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>Adds to stored rollups, or makes them anew.</summary>
internal sealed class SqlServerRollupWriter(SqlServerSession session)
{
    /// <summary>Adds deltas: what is stored under their keys is read, merged with them, and takes its own place.</summary>
    public async Task AddAsync(IReadOnlyList<RollupDelta> deltas)
    {
        var sums = new Dictionary<RowKey, Rollup>();
        foreach (var delta in deltas)
        {
            var key = await KeyOfAsync(delta).ConfigureAwait(false);
            if (!sums.TryGetValue(key, out var sum))
            {
                sums.Add(key, sum = new());
            }

            sum.Merge(delta.Rollup);
        }

        if (sums.Count == 0)
        {
            return;
        }

        var keys = StagedRows.RollupKeys(session.Batch);
        foreach (var key in sums.Keys)
        {
            keys.Add(key.Resolution, key.Bucket, key.MetricType, key.Source, key.Name, key.Outcome);
        }

        await session.CopyAsync(keys).ConfigureAwait(false);
        var stored = await session.QueryAsync(
            SqlServerStatement.FindRollups,
            reader => (
                Key: new RowKey(reader.GetByte(0), reader.GetInt64(1), reader.GetByte(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetByte(5)),
                Rollup: Rollup.FromBytes(reader.GetFieldValue<byte[]>(6))),
            session.Batch).ConfigureAwait(false);
        foreach (var (key, rollup) in stored)
        {
            rollup.Merge(sums[key]);
            sums[key] = rollup;
        }

        await session.ExecuteAsync(SqlServerStatement.DeleteStagedRollups, session.Batch).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.ClearStagedRollups, session.Batch).ConfigureAwait(false);
        await PutAsync(sums).ConfigureAwait(false);
    }

    /// <summary>Makes the rollups of minutes from operation rows, and those of their hours from all their minutes.</summary>
    public async Task RebuildAsync(IReadOnlyList<long> minutes)
    {
        foreach (long minute in minutes.Distinct())
        {
            var rows = await session.QueryAsync(
                SqlServerStatement.ReadOperations, reader => SqlServerOperationWriter.Read(reader, session.Directory).Operation,
                OperationKeys.First(RollupRebuild.FirstMicrosecond(minute)),
                OperationKeys.First(RollupRebuild.FirstMicrosecond(minute + 1) + OperationKeys.ReachUs)).ConfigureAwait(false);
            await ReplaceAsync(RollupResolution.Minute, minute, RollupRebuild.MinuteFromRows(minute, rows)).ConfigureAwait(false);
        }

        foreach (long hour in minutes.Select(RollupBuckets.HourOf).Distinct())
        {
            var made = RollupRebuild.HourFromMinutes(hour, await ReadAsync(RollupResolution.Minute, hour * 60, (hour + 1) * 60).ConfigureAwait(false));
            await ReplaceAsync(RollupResolution.Hour, hour, made).ConfigureAwait(false);
        }
    }

    private async Task ReplaceAsync(RollupResolution resolution, long bucket, IReadOnlyCollection<RollupDelta> made)
    {
        IReadOnlyCollection<RollupDelta> stored;
        try
        {
            stored = await ReadAsync(resolution, bucket, bucket + 1).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // What cannot be read is what is made anew.
            stored = [];
        }

        await session.ExecuteAsync(SqlServerStatement.DeleteRollups, (byte)resolution, bucket).ConfigureAwait(false);
        await PutAsync(RollupRebuild.Choose(stored, made)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyCollection<RollupDelta>> ReadAsync(RollupResolution resolution, long from, long to)
    {
        var rows = await session.QueryAsync(
            SqlServerStatement.ReadRollups,
            reader => (Bucket: reader.GetInt64(0), Type: reader.GetByte(1), Source: reader.GetInt32(2), Name: reader.GetInt32(3), Outcome: reader.GetByte(4), Data: reader.GetFieldValue<byte[]>(5)),
            (byte)resolution, from, to).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => new RollupDelta(
                resolution, row.Bucket, new((MetricType)row.Type, session.Directory.Sources.NameOf(row.Source), session.Directory.Names.NameOf(row.Name)),
                (OperationStatus)row.Outcome, Rollup.FromBytes(row.Data))),
        ];
    }

    private async Task PutAsync(IEnumerable<RollupDelta> deltas)
    {
        var rows = new Dictionary<RowKey, Rollup>();
        foreach (var delta in deltas)
        {
            rows.Add(await KeyOfAsync(delta).ConfigureAwait(false), delta.Rollup);
        }

        await PutAsync(rows).ConfigureAwait(false);
    }

    private Task PutAsync(IReadOnlyDictionary<RowKey, Rollup> rollups)
    {
        var rows = StagedRows.Rollups();
        foreach (var (key, rollup) in rollups)
        {
            rows.Add(key.Resolution, key.Bucket, key.MetricType, key.Source, key.Name, key.Outcome, rollup.ToBytes());
        }

        return session.CopyAsync(rows);
    }

    private async Task<RowKey> KeyOfAsync(RollupDelta delta) => new(
        (byte)delta.Resolution, delta.Bucket, (byte)delta.Series.MetricType, await session.NumberOfSourceAsync(delta.Series.Source).ConfigureAwait(false),
        await session.NumberOfNameAsync(delta.Series.Name).ConfigureAwait(false), (byte)delta.Outcome);

    private readonly record struct RowKey(byte Resolution, long Bucket, byte MetricType, int Source, int Name, byte Outcome);
}
