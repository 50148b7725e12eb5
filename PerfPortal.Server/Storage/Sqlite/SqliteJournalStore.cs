using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// The journal's store on SQLite: prepared commands on one connection of its own, one transaction a call. Only the journal's
/// writer may call it. After a failure the connection is opened anew.
/// </summary>
internal sealed class SqliteJournalStore(SqliteDatabase database, NameDirectory directory) : IJournalStore, IDisposable
{
    private SqliteWriter? _writer;

    public Task<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        Task.FromResult(InTransaction<IReadOnlyList<EntryResult>>(writer =>
        {
            var results = new EntryResult[entries.Count];
            var dirty = new HashSet<long>();
            for (int i = 0; i < entries.Count; i++)
            {
                switch (entries[i])
                {
                    case OperationEnded { Operation: var operation }:
                        results[i] = Store(writer, operation, dirty);
                        break;
                    case OperationRunning { Operation: var operation }:
                        writer.UpsertRunning(operation);
                        break;
                    case SampleTaken { Sample: var sample, Covered: var covered }:
                        Store(writer, sample, covered);
                        break;
                }
            }

            foreach (long minute in dirty)
            {
                writer.MarkDirty(minute);
            }

            return results;
        }));

    public Task AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken)
    {
        InTransaction(writer =>
        {
            writer.Rollups.Add(deltas);
            foreach (long minute in cleanMinutes)
            {
                writer.ClearDirty(minute);
            }

            return 0;
        });
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(InTransaction<IReadOnlyList<long>>(writer => writer.ReadDirty()));

    public Task RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        InTransaction(writer =>
        {
            foreach (long minute in minutes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RebuildMinute(writer, minute);
                writer.ClearDirty(minute);
            }

            foreach (long hour in minutes.Select(RollupRebuild.HourOf).Distinct())
            {
                foreach (long damaged in writer.Rollups.DamagedMinutes(hour))
                {
                    RebuildMinute(writer, damaged);
                }

                writer.Rollups.Replace(RollupResolution.Hour, hour, RollupRebuild.HourFromMinutes(hour, writer.Rollups.ReadMinutes(hour)));
            }

            return 0;
        });
        return Task.CompletedTask;
    }

    public bool IsTransient(Exception exception) => database.IsTransient(exception);

    public void Dispose() => _writer?.Dispose();

    private static void RebuildMinute(SqliteWriter writer, long minute) =>
        writer.Rollups.Replace(RollupResolution.Minute, minute, RollupRebuild.MinuteFromRows(minute, writer.ReadMinute(minute)));

    private static EntryResult Store(SqliteWriter writer, Operation operation, HashSet<long> dirty)
    {
        var (high, low) = OperationKeys.Split(operation.Id);
        var existing = writer.Find(high, low);
        if (existing is not null && (existing.Value.Operation.Status != OperationStatus.Abandoned || operation.Status == OperationStatus.Abandoned))
        {
            writer.DeleteRunning(operation.Id);
            return new(EntryOutcome.Duplicate, existing.Value.Operation);
        }

        if (existing is { } abandoned)
        {
            writer.DeleteOperation(abandoned.Key);
            dirty.Add(RollupBuckets.Of(RollupResolution.Minute, abandoned.Operation.EndTime!.Value));
        }

        writer.Insert(operation, high, low);
        writer.DeleteRunning(operation.Id);
        dirty.Add(RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value));
        return existing is null ? new(EntryOutcome.Stored, null) : new(EntryOutcome.ReplacedAbandoned, existing.Value.Operation);
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

    private T InTransaction<T>(Func<SqliteWriter, T> work)
    {
        try
        {
            _writer ??= new SqliteWriter(database.OpenWriter(), directory);
            _writer.Begin();
            var result = work(_writer);
            _writer.Commit();
            return result;
        }
        catch
        {
            _writer?.Dispose();
            _writer = null;
            throw;
        }
    }
}
