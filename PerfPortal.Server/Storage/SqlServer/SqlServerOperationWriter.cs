using System.Text;
using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>Writes the operations of a batch: looks up the stored operations by id, computes a plan, and writes it as sets of rows.</summary>
internal sealed class SqlServerOperationWriter(SqlServerSession session)
{
    /// <summary>Writes the operations of a batch and marks their minutes as dirty.</summary>
    public async Task<BatchPlan> WriteAsync(IReadOnlyList<JournalEntry> entries)
    {
        var ids = StagedRows.Ids(session.Batch);
        foreach (var id in entries.Select(IdOf).OfType<Guid>().Distinct())
        {
            var (high, low) = OperationKeys.Split(id);
            ids.Add(id.ToByteArray(bigEndian: true), high, low);
        }

        if (ids.Count == 0)
        {
            return new(entries, []);
        }

        await session.CopyAsync(ids).ConfigureAwait(false);
        var stored = await session.QueryAsync(SqlServerStatement.FindEnded, Read, session.Batch).ConfigureAwait(false);
        var plan = new BatchPlan(
            entries, stored.Select(row => (row.Key, Operation: EfOperationReader.ToOperation(row, session.Directory))).Where(row => !RemovedSource.Is(row.Operation.Source)));
        foreach (long key in plan.Deletes)
        {
            await session.ExecuteAsync(SqlServerStatement.DeleteOperation, key).ConfigureAwait(false);
        }

        await InsertAsync(plan.Inserts).ConfigureAwait(false);
        await session.WithNumbersAsync(plan.DirtyMinutes, () => session.ExecuteAsync(SqlServerStatement.MarkDirty, session.Batch)).ConfigureAwait(false);
        await ReplaceRunningAsync(plan.Running).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.ClearStagedIds, session.Batch).ConfigureAwait(false);
        return plan;
    }

    /// <summary>Reads a row; see <see cref="SqlServerStatement.ReadOperations"/> for the columns.</summary>
    internal static OperationRow Read(SqlDataReader reader) => new()
    {
        Key = reader.GetInt64(0),
        IdHigh = reader.GetInt64(1),
        IdLow = reader.GetInt64(2),
        MetricType = reader.GetByte(3),
        Status = reader.GetByte(4),
        SourceId = reader.GetInt32(5),
        NameId = reader.GetInt32(6),
        StartUs = reader.GetInt64(7),
        DurationUs = reader.GetInt64(8),
        ErrorType = reader.IsDBNull(9) ? null : reader.GetString(9),
        ErrorMessage = reader.IsDBNull(10) ? null : reader.GetString(10),
        Details = reader.IsDBNull(11) ? null : Encoding.UTF8.GetBytes(reader.GetString(11)),
    };

    private static Guid? IdOf(JournalEntry entry) => entry switch
    {
        OperationEnded ended => ended.Operation.Id,
        OperationRunning running => running.Operation.Id,
        RunningForgotten forgotten => forgotten.Id,
        _ => null,
    };

    private async Task InsertAsync(IReadOnlyCollection<Operation> operations)
    {
        if (operations.Count == 0)
        {
            return;
        }

        await session.StoreNamesAsync(operations.Select(operation => operation.Name), operations.Select(operation => operation.Source)).ConfigureAwait(false);
        var slots = new SlotAllocator();
        await LearnAsync(slots, [.. operations.Select(operation => operation.EndTime!.Value.ToMicroseconds()).Distinct()]).ConfigureAwait(false);
        var rows = StagedRows.Operations(session.Batch);
        foreach (var operation in operations)
        {
            var (high, low) = OperationKeys.Split(operation.Id);
            long end = operation.EndTime!.Value.ToMicroseconds();
            long start = operation.StartTime.ToMicroseconds();
            rows.Add(
                await TakeKeyAsync(slots, end, low).ConfigureAwait(false), high, low, (byte)operation.MetricType, (byte)operation.Status,
                session.NumberOfSource(operation.Source), session.NumberOfName(operation.Name),
                start, end - start, operation.ErrorType, operation.ErrorMessage,
                OperationDocument.WriteDetails(operation) is { } details ? Encoding.UTF8.GetString(details) : null);
        }

        await session.CopyAsync(rows).ConfigureAwait(false);
        int inserted = await session.ExecuteAsync(SqlServerStatement.InsertOperations, session.Batch).ConfigureAwait(false);
        if (inserted != rows.Count)
        {
            throw new DuplicateKeyException($"{rows.Count - inserted} of {rows.Count} operation keys are already in use.");
        }

        await session.ExecuteAsync(SqlServerStatement.ClearStagedOperations, session.Batch).ConfigureAwait(false);
    }

    private async Task<long> TakeKeyAsync(SlotAllocator slots, long microsecond, long idLow)
    {
        while (true)
        {
            if (!slots.Knows(microsecond))
            {
                await LearnAsync(slots, [microsecond]).ConfigureAwait(false);
            }

            if (slots.Take(microsecond, idLow) is { } key)
            {
                return key;
            }

            microsecond++;
        }
    }

    private Task LearnAsync(SlotAllocator slots, IReadOnlyList<long> microseconds) => session.WithNumbersAsync(microseconds, async () => slots.Learn(
        microseconds,
        await session.QueryAsync(SqlServerStatement.FindUsedKeys, reader => reader.GetInt64(0), session.Batch).ConfigureAwait(false)));

    private async Task ReplaceRunningAsync(IEnumerable<Operation> running)
    {
        await session.ExecuteAsync(SqlServerStatement.DeleteRunning, session.Batch).ConfigureAwait(false);
        var rows = StagedRows.Running();
        foreach (var operation in running)
        {
            rows.Add(operation.Id.ToByteArray(bigEndian: true), Encoding.UTF8.GetString(OperationDocument.WriteRunning(operation)));
        }

        await session.CopyAsync(rows).ConfigureAwait(false);
    }
}
