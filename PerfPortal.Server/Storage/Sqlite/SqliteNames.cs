using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Assigns ids to names and sources within the writer's transactions. Disposal releases the ids of an uncommitted transaction.</summary>
internal sealed class SqliteNames(SqliteStatements statements, NameDirectory directory) : IDisposable
{
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _new = [];
    private readonly List<Action> _onCommit = [];

    // A recurring name is usually the same object, which avoids hashing the text.
    private readonly KnownNames _sources = new();
    private readonly KnownNames _names = new();

    /// <summary>Returns the id of a source, assigning one if needed.</summary>
    public int SourceOf(string source) => _sources.Find(source) ?? _sources.Add(source, IdOf(directory.Sources, "sources", source));

    /// <summary>Returns the id of a name, assigning one if needed.</summary>
    public int NameOf(string name) => _names.Find(name) ?? _names.Add(name, IdOf(directory.Names, "names", name));

    /// <summary>Returns the series of an operation.</summary>
    public BlockSeries SeriesOf(Operation operation) => new(operation.MetricType, SourceOf(operation.Source), NameOf(operation.Name), operation.Status);

    /// <summary>Renames a source that is being removed.</summary>
    public void HideSource(int id)
    {
        string hidden = RemovedSource.NameOf(id);
        statements.Prepare("UPDATE sources SET name = $2 WHERE id = $1", id, hidden).ExecuteNonQuery();
        _onCommit.Add(() => directory.Sources.Add(id, hidden));
    }

    /// <summary>Deletes a source to which nothing refers any more.</summary>
    public void DeleteSource(int id) => Delete(directory.Sources, "sources", id, directory.Sources.NameOf(id));

    /// <summary>Deletes a name to which nothing refers any more.</summary>
    public void DeleteName(string name) => Delete(directory.Names, "names", directory.Names.Find(name)!.Value, name);

    /// <summary>Keeps the changes after their transaction was committed.</summary>
    public void Commit()
    {
        _new.Clear();
        if (_onCommit.Count > 0)
        {
            _onCommit.ForEach(change => change());
            _onCommit.Clear();
            _sources.Clear();
            _names.Clear();
        }
    }

    public void Dispose()
    {
        foreach (var (dictionary, id, name) in _new)
        {
            dictionary.Remove(id, name);
        }
    }

    private int IdOf(NameDirectory.Dictionary dictionary, string table, string name)
    {
        if (dictionary.Find(name) is { } known)
        {
            return known;
        }

        int id = dictionary.Next();
        statements.Prepare($"INSERT INTO {table} (id, name) VALUES ($1, $2)", id, name).ExecuteNonQuery();
        dictionary.Add(id, name);
        _new.Add((dictionary, id, name));
        return id;
    }

    private void Delete(NameDirectory.Dictionary dictionary, string table, int id, string name)
    {
        statements.Prepare($"DELETE FROM {table} WHERE id = $1", id).ExecuteNonQuery();
        _onCommit.Add(() => dictionary.Forget(name));
    }

    private sealed class KnownNames
    {
        private readonly (string? Name, int Id)[] _known = new (string?, int)[1024];

        public int? Find(string name)
        {
            ref var known = ref PlaceOf(name);
            return ReferenceEquals(known.Name, name) ? known.Id : null;
        }

        public void Clear() => Array.Clear(_known);

        public int Add(string name, int id)
        {
            PlaceOf(name) = (name, id);
            return id;
        }

        private ref (string? Name, int Id) PlaceOf(string name) => ref _known[RuntimeHelpers.GetHashCode(name) & (_known.Length - 1)];
    }
}
