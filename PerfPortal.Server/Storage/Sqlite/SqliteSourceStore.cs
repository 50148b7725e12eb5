using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Removes sources from the SQLite file. Hiding one renames its row: what is stored of it refers to the number of that row. The row is deleted last, so that the next process
/// continues an interrupted deletion.
/// </summary>
internal sealed class SqliteSourceStore(SqliteDatabase database) : ISourceStore
{
    private SqliteSourceDeletion? _deletion;

    public ValueTask<HiddenSource> HideSourceAsync(string source, CancellationToken cancellationToken) => ValueTask.FromResult(database.Write((writer, _) =>
    {
        int running = writer.DeleteRunningOf(source);
        int? number = database.Names.Sources.Find(source);
        if (number is { } id)
        {
            writer.Names.HideSource(id);
        }

        return new HiddenSource(number, running);
    }));

    public ValueTask<SourceDeletion?> DeleteHiddenAsync(CancellationToken cancellationToken)
    {
        if (database.Names.Sources.Hidden is not [var number, ..])
        {
            _deletion = null;
            return ValueTask.FromResult<SourceDeletion?>(null);
        }

        if (_deletion?.Number != number)
        {
            _deletion = new(database, number);
        }

        var step = _deletion.Step(cancellationToken);
        return ValueTask.FromResult<SourceDeletion?>(step);
    }
}
