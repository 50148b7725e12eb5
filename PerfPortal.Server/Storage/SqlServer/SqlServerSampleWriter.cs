using System.Text;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>Writes samples that are not yet stored, and adds them to the rollups of their minute and hour.</summary>
internal sealed class SqlServerSampleWriter(SqlServerSession session)
{
    /// <summary>Writes samples. If several have the same source and microsecond, the first is stored.</summary>
    public async Task WriteAsync(IReadOnlyList<SampleTaken> samples)
    {
        if (samples.Count == 0)
        {
            return;
        }

        await session.StoreNamesAsync([], samples.Select(sample => sample.Sample.Source)).ConfigureAwait(false);
        var taken = new Dictionary<(int Source, long AtUs), SampleTaken>();
        foreach (var sample in samples)
        {
            taken.TryAdd((session.NumberOfSource(sample.Sample.Source), sample.Sample.SampledAt.ToMicroseconds()), sample);
        }

        var rows = StagedRows.Samples(session.Batch);
        foreach (var ((source, atUs), (sample, covered)) in taken)
        {
            rows.Add(source, atUs, Encoding.UTF8.GetString(SampleDocument.Write(sample, covered)));
        }

        await session.CopyAsync(rows).ConfigureAwait(false);
        var stored = await session.QueryAsync(SqlServerStatement.FindSamples, reader => (reader.GetInt32(0), reader.GetInt64(1)), session.Batch).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.InsertSamples, session.Batch).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.ClearStagedSamples, session.Batch).ConfigureAwait(false);
        foreach (var key in stored)
        {
            taken.Remove(key);
        }

        await AddToRollupsAsync(taken).ConfigureAwait(false);
    }

    private async Task AddToRollupsAsync(Dictionary<(int Source, long AtUs), SampleTaken> samples)
    {
        var sums = new Dictionary<RowKey, ResourceRollup>();
        foreach (var ((source, _), (sample, covered)) in samples)
        {
            foreach (var resolution in new[] { RollupResolution.Minute, RollupResolution.Hour })
            {
                var key = new RowKey((byte)resolution, source, RollupBuckets.Of(resolution, sample.SampledAt));
                if (!sums.TryGetValue(key, out var sum))
                {
                    sums.Add(key, sum = new());
                }

                sum.Add(sample, covered);
            }
        }

        if (sums.Count == 0)
        {
            return;
        }

        var keys = StagedRows.ResourceRollupKeys(session.Batch);
        foreach (var key in sums.Keys)
        {
            keys.Add(key.Resolution, key.Source, key.Bucket);
        }

        await session.CopyAsync(keys).ConfigureAwait(false);
        var stored = await session.QueryAsync(
            SqlServerStatement.FindResourceRollups,
            reader => (Key: new RowKey(reader.GetByte(0), reader.GetInt32(1), reader.GetInt64(2)), Data: reader.GetFieldValue<byte[]>(3)),
            session.Batch).ConfigureAwait(false);
        foreach (var (key, data) in stored)
        {
            sums[key].Merge(ResourceRollup.FromBytes(data));
        }

        await session.ExecuteAsync(SqlServerStatement.DeleteStagedResourceRollups, session.Batch).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.ClearStagedResourceRollups, session.Batch).ConfigureAwait(false);
        var rows = StagedRows.ResourceRollups();
        foreach (var (key, rollup) in sums)
        {
            rows.Add(key.Resolution, key.Source, key.Bucket, rollup.ToBytes());
        }

        await session.CopyAsync(rows).ConfigureAwait(false);
    }

    private readonly record struct RowKey(byte Resolution, int Source, long Bucket);
}
