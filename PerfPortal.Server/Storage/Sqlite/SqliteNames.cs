using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Gives numbers to names and sources within the writer's transactions. Those of a transaction that fails are taken back by disposal.</summary>
internal sealed class SqliteNames(SqliteStatements statements, NameDirectory directory) : IDisposable
{
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _new = [];

    // A name that comes again is mostly the same object; then no text has to be hashed.
    private readonly KnownNames _sources = new();
    private readonly KnownNames _names = new();

    /// <summary>The number of a source; a new one if it has none.</summary>
    public int SourceOf(string source) => _sources.Find(source) ?? _sources.Add(source, IdOf(directory.Sources, "sources", source));

    /// <summary>The number of a name; a new one if it has none.</summary>
    public int NameOf(string name) => _names.Find(name) ?? _names.Add(name, IdOf(directory.Names, "names", name));

    /// <summary>The series of an operation.</summary>
    public BlockSeries SeriesOf(Operation operation) => new(operation.MetricType, SourceOf(operation.Source), NameOf(operation.Name), operation.Status);

    /// <summary>The transaction is durable, and its new names with it.</summary>
    public void Commit() => _new.Clear();

    public void Dispose()
    {
        // The numbers of a transaction that failed are free again.
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
