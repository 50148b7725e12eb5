using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The journal's store on SQLite: one transaction a call, by the database's one writer.</summary>
internal sealed class SqliteJournalStore(SqliteDatabase database, TimeProvider time) : IJournalStore
{
    public Task<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        Task.FromResult(database.Write<IReadOnlyList<EntryResult>>((writer, change) =>
        {
            var results = new EntryResult[entries.Count];
            var batch = new SqliteOperationBatch(database.Blocks, writer, database.Names, time.GetUtcNow());
            for (int i = 0; i < entries.Count; i++)
            {
                switch (entries[i])
                {
                    case OperationEnded { Operation: var operation }:
                        results[i] = batch.Take(operation);
                        writer.DeleteRunning(operation.Id);
                        break;
                    case OperationRunning { Operation: var operation }:
                        writer.UpsertRunning(operation);
                        break;
                    case SampleTaken { Sample: var sample, Covered: var covered }:
                        Store(writer, sample, covered);
                        break;
                }
            }

            batch.Write(change);
            foreach (long minute in batch.DirtyMinutes)
            {
                writer.MarkDirty(minute);
            }

            return results;
        }));

    public Task AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken)
    {
        database.Write((writer, _) =>
        {
            foreach (var delta in deltas)
            {
                Add(writer, delta);
            }

            foreach (long minute in cleanMinutes)
            {
                writer.ClearDirty(minute);
            }

            return 0;
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(database.Write<IReadOnlyList<long>>((writer, _) => writer.ReadDirty()));

    public Task RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        database.Write((writer, _) =>
        {
            foreach (long minute in minutes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.DeleteRollups(RollupResolution.Minute, minute);
                foreach (var delta in RollupRebuild.MinuteFromRows(minute, writer.ReadMinute(minute)))
                {
                    Add(writer, delta);
                }

                writer.ClearDirty(minute);
            }

            foreach (long hour in minutes.Select(RollupRebuild.HourOf).Distinct())
            {
                writer.DeleteRollups(RollupResolution.Hour, hour);
                foreach (var delta in RollupRebuild.HourFromMinutes(hour, writer.ReadRollups(RollupResolution.Minute, hour * 60, (hour + 1) * 60)))
                {
                    Add(writer, delta);
                }
            }

            return 0;
        });
        return Task.CompletedTask;
    }

    public bool IsTransient(Exception exception) => database.IsTransient(exception);

    private static void Store(SqliteWriter writer, ResourceSample sample, TimeSpan covered)
    {
        if (!writer.InsertSample(sample, covered))
        {
            return;
        }

        foreach (var resolution in new[] { RollupResolution.Minute, RollupResolution.Hour })
        {
            writer.AddResourceRollup(resolution, sample, covered);
        }
    }

    private static void Add(SqliteWriter writer, RollupDelta delta)
    {
        var sum = delta.Rollup;
        if (writer.FindRollup(delta) is { } stored)
        {
            stored.Merge(delta.Rollup);
            sum = stored;
        }

        writer.PutRollup(delta, sum);
    }
}
