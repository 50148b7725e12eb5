using System.Text;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.SqlServer;

/// <content>
/// Removes sources. Hiding one renames its row: what is stored of it refers to the number of that row. The row is deleted last, so that the next process continues an
/// interrupted deletion.
/// </content>
internal sealed partial class SqlServerJournalStore : ISourceStore
{
    private const int RowsPerStep = 4_096;

    private static readonly SqlServerStatement[] RowsOfSource =
        [SqlServerStatement.DeleteOperationsOfSource, SqlServerStatement.DeleteSamplesOfSource, SqlServerStatement.DeleteResourceRollupsOfSource];

    private Deletion? _deletion;

    public async ValueTask<HiddenSource> HideSourceAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            var hidden = await InTransactionAsync(session => HideAsync(session, source), cancellationToken).ConfigureAwait(false);
            if (hidden.Number is { } number)
            {
                directory.Sources.Add(number, RemovedSource.NameOf(number));
            }

            return hidden;
        }
        catch
        {
            // The next transaction reads the names again, in case this one was committed.
            _mark = new();
            throw;
        }
    }

    public async ValueTask<SourceDeletion?> DeleteHiddenAsync(CancellationToken cancellationToken)
    {
        if (directory.Sources.Hidden is not [var number, ..])
        {
            _deletion = null;
            return null;
        }

        var deletion = _deletion?.Number == number ? _deletion : _deletion = new(number, directory.Names.Last);
        if (deletion.Part < RowsOfSource.Length)
        {
            int rows = await InTransactionAsync(session => session.ExecuteAsync(RowsOfSource[deletion.Part], RowsPerStep, number), cancellationToken).ConfigureAwait(false);
            var step = new SourceDeletion(number, deletion.Part == 0 ? rows : 0, deletion.Part == 1 ? rows : 0, false);
            deletion.Part += rows < RowsPerStep ? 1 : 0;
            return step;
        }

        if (!deletion.HasAllPages)
        {
            long? last = await InTransactionAsync(session => new SqlServerRollupWriter(session).TakeOutAsync(deletion.Filter, deletion.Page), cancellationToken).ConfigureAwait(false);
            (deletion.Page, deletion.HasAllPages) = (last ?? deletion.Page, last is null);
            return new(number, 0, 0, false);
        }

        var names = await InTransactionAsync(session => DeleteNamesAsync(session, deletion), cancellationToken).ConfigureAwait(false);
        names.ForEach(directory.Names.Forget);
        directory.Sources.Forget(RemovedSource.NameOf(number));
        return new(number, 0, 0, true) { Names = names };
    }

    private async Task<HiddenSource> HideAsync(SqlServerSession session, string source)
    {
        var documents = await session.QueryAsync(SqlServerStatement.ReadRunning, reader => (Id: reader.GetFieldValue<byte[]>(0), Document: reader.GetString(1))).ConfigureAwait(false);
        var ids = StagedRows.Ids(session.Batch);
        foreach (var (bytes, document) in documents)
        {
            var id = new Guid(bytes, bigEndian: true);
            if (OperationDocument.ReadRunning(id, Encoding.UTF8.GetBytes(document)).Source == source)
            {
                var (high, low) = OperationKeys.Split(id);
                ids.Add(bytes, high, low);
            }
        }

        await session.CopyAsync(ids).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.DeleteRunning, session.Batch).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.ClearStagedIds, session.Batch).ConfigureAwait(false);
        int? number = directory.Sources.Find(source);
        if (number is { } renamed)
        {
            string name = RemovedSource.NameOf(renamed);
            await session.ExecuteAsync(SqlServerStatement.RenameSource, name, name.Length, renamed).ConfigureAwait(false);
        }

        return new(number, ids.Count);
    }

    /// <summary>Deletes the row of the source, and the names that no operation and no page carries.</summary>
    private static async Task<List<string>> DeleteNamesAsync(SqlServerSession session, Deletion deletion)
    {
        var unused = new List<(int Id, string Name)>();
        if (!deletion.Filter.HasUnreadable)
        {
            unused.AddRange((await session.QueryAsync(SqlServerStatement.FindNamesWithoutOperations, reader => (Id: reader.GetInt32(0), Name: reader.GetString(1))).ConfigureAwait(false))
                .Where(name => name.Id <= deletion.LastName && !deletion.Filter.Names.Contains(name.Id)));
        }

        await session.WithNumbersAsync(unused.Select(name => (long)name.Id), () => session.ExecuteAsync(SqlServerStatement.DeleteNames, session.Batch)).ConfigureAwait(false);
        await session.ExecuteAsync(SqlServerStatement.DeleteSource, deletion.Number).ConfigureAwait(false);
        return [.. unused.Select(name => name.Name)];
    }

    /// <summary>How far the deletion of a source is.</summary>
    private sealed class Deletion(int number, int lastName)
    {
        public int Number => number;

        public int LastName => lastName;

        public RollupPageFilter Filter { get; } = new(number);

        public int Part { get; set; }

        public long Page { get; set; } = long.MinValue;

        public bool HasAllPages { get; set; }
    }
}
