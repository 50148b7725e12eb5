using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The journal store on SQLite. Each call is one transaction of the database's single writer.</summary>
internal sealed class SqliteJournalStore(SqliteDatabase database, TimeProvider time) : IJournalStore
{
    public ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        ValueTask.FromResult(database.Write<IReadOnlyList<EntryResult>>((writer, change) =>
        {
            var results = new EntryResult[entries.Count];
            var batch = new SqliteOperationBatch(database.Blocks, writer, database.Names, time.GetUtcNow(), entries.Count);
            batch.Expect(entries, cancellationToken);
            for (int i = 0; i < entries.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (entries[i])
                {
                    case OperationEnded { Operation: var operation }:
                        results[i] = batch.Take(operation);
                        writer.DeleteRunning(operation.Id);
                        break;
                    case OperationRunning { Operation: var operation }:
                        writer.UpsertRunning(operation);
                        break;
                    case RunningForgotten { Id: var id }:
                        writer.DeleteRunning(id);
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

            cancellationToken.ThrowIfCancellationRequested();
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
            foreach (var hour in minutes.GroupBy(RollupBuckets.HourOf))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Rebuild(writer, hour.Key, [.. hour]);
                if (writer.Rollups.DamagedMinutes(hour.Key) is { Count: > 0 } damaged)
                {
                    Rebuild(writer, hour.Key, damaged);
                }

                writer.Rollups.RebuildHour(hour.Key);
                foreach (long minute in hour)
                {
                    writer.ClearDirty(minute);
                }
            }

            return 0;
        });
        return ValueTask.CompletedTask;
    }

    public bool IsTransient(Exception exception) => database.IsTransient(exception);

    public StoreFailureKind Classify(Exception exception) => database.IsDiskFull(exception) ? StoreFailureKind.DiskFull : StoreFailureKind.Unavailable;

    public string Explain(Exception exception) => database.Explain(exception);

    public ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        // Neither statement has a lasting effect, but the page that they change must be written.
        database.Write((writer, _) =>
        {
            writer.MarkDirty(long.MinValue);
            writer.ClearDirty(long.MinValue);
            return 0;
        });
        return ValueTask.CompletedTask;
    }

    /// <summary>Rebuilds minutes of one hour. Each block of the hour is opened once.</summary>
    private static void Rebuild(SqliteWriter writer, long hour, IReadOnlyCollection<long> minutes)
    {
        foreach (var (minute, rollups) in RollupRebuild.MinutesFromRows(minutes, writer.ReadHour(hour)))
        {
            writer.Rollups.RebuildMinute(minute, rollups);
        }
    }

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
