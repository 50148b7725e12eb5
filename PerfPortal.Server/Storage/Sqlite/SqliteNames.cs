using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Assigns ids to names and sources within the writer's transactions. Disposal releases the ids of an uncommitted transaction.</summary>
internal sealed class SqliteNames(SqliteStatements statements, NameDirectory directory) : IDisposable
{
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _new = [];

    // A recurring name is usually the same object, which avoids hashing the text.
    private readonly KnownNames _sources = new();
    private readonly KnownNames _names = new();

    /// <summary>Returns the id of a source, assigning one if needed.</summary>
    public int SourceOf(string source) => _sources.Find(source) ?? _sources.Add(source, IdOf(directory.Sources, "sources", source));

    /// <summary>Returns the id of a name, assigning one if needed.</summary>
    public int NameOf(string name) => _names.Find(name) ?? _names.Add(name, IdOf(directory.Names, "names", name));

    /// <summary>Returns the series of an operation.</summary>
    public BlockSeries SeriesOf(Operation operation) => new(operation.MetricType, SourceOf(operation.Source), NameOf(operation.Name), operation.Status);

    /// <summary>Keeps the new names after their transaction was committed.</summary>
    public void Commit() => _new.Clear();

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

    private sealed class KnownNames
    {
        private readonly (string? Name, int Id)[] _known = new (string?, int)[1024];

        public int? Find(string name)
        {
            ref var known = ref PlaceOf(name);
            return ReferenceEquals(known.Name, name) ? known.Id : null;
        }

        public int Add(string name, int id)
        {
            PlaceOf(name) = (name, id);
            return id;
        }

        private ref (string? Name, int Id) PlaceOf(string name) => ref _known[RuntimeHelpers.GetHashCode(name) & (_known.Length - 1)];
    }
}
