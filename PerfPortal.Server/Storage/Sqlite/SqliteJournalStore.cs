using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The journal store on SQLite. Each call is one transaction of the database's single writer.</summary>
internal sealed class SqliteJournalStore(SqliteDatabase database, TimeProvider time) : IJournalStore
{
    public ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Write<IReadOnlyList<EntryResult>>((writer, change) =>
        {
            var results = new EntryResult[entries.Count];
            var batch = new SqliteOperationBatch(database.Blocks, writer, database.Names, time.GetUtcNow(), entries.Count);
            batch.Expect(entries);
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

    public ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken)
    {
        database.Write((writer, _) =>
        {
            writer.Rollups.Add(deltas);
            foreach (long minute in cleanMinutes)
            {
                writer.ClearDirty(minute);
            }

            return 0;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Write<IReadOnlyList<long>>((writer, _) => writer.ReadDirty()));

    public ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        database.Write((writer, _) =>
        {
            foreach (var (minute, operations) in writer.ReadMinutes([.. minutes.Order()], cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.Rollups.RebuildMinute(minute, operations);
                writer.ClearDirty(minute);
            }

            foreach (long hour in minutes.Select(RollupBuckets.HourOf).Distinct())
            {
                foreach (long damaged in writer.Rollups.DamagedMinutes(hour))
                {
                    writer.Rollups.RebuildMinute(damaged, writer.ReadMinute(damaged));
                }

                writer.Rollups.RebuildHour(hour);
            }

            return 0;
        });
        return ValueTask.CompletedTask;
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
}
