using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The prepared commands of the journal on one open connection; after an exception it must be thrown away.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly NameDirectory _directory;
    private readonly SqliteBlocks _blocks;
    private readonly Dictionary<string, Statement> _statements = [];
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _newNames = [];

    // Names that come again come as the same object mostly; then no text needs to be hashed. They live as long as the connection, so a
    // name that did not become durable is forgotten with it.
    private readonly KnownNames _sources = new();
    private readonly KnownNames _names = new();

    // Operations that are stored as running; most that end never were, and need no deletion.
    private readonly HashSet<Guid> _running = [];
    private SqliteTransaction? _transaction;

    public SqliteWriter(SqliteConnection connection, NameDirectory directory, SqliteBlocks blocks)
    {
        _connection = connection;
        _directory = directory;
        _blocks = blocks;
        Rollups = new(Prepare, directory, source => IdOf(directory.Sources, "sources", source), name => IdOf(directory.Names, "names", name));
        using var reader = Prepare("SELECT id FROM running_operations").ExecuteReader();
        while (reader.Read())
        {
            _running.Add(new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true));
        }
    }

    /// <summary>The stored rollups of operations.</summary>
    public SqliteRollupPages Rollups { get; }

    public void Begin() => _transaction = _connection.BeginTransaction(deferred: false);

    /// <summary>Commits; what becomes of the blocks is known in the same moment.</summary>
    public void Commit(BlockChange change)
    {
        _blocks.Publish(change, _transaction!.Commit);
        _transaction!.Dispose();
        _transaction = null;
        _newNames.Clear();
    }

    /// <summary>A stored block, opened; <see langword="null"/> when it is damaged.</summary>
    public OperationBlock? Open(BlockInfo block) => _blocks.Open(id => Prepare(SqliteBlockData.Select, id).ExecuteScalar() as byte[], block);

    /// <summary>The operations of a block, in the order of their ends; none when it is damaged.</summary>
    public IEnumerable<Operation> ReadBlock(BlockInfo block) =>
        Open(block) is { } opened
            ? Enumerable.Range(0, opened.Count).Select(index => opened.OperationAt(index, _directory.Names.NameOf, _directory.Sources.NameOf))
            : [];

    /// <summary>Stores operations as a block.</summary>
    /// <param name="operations">The operations, in any order.</param>
    /// <param name="state">How far the block has come.</param>
    /// <param name="storedUs">When the youngest of them was stored.</param>
    /// <param name="change">Learns of the block.</param>
    public void InsertBlock(List<Operation> operations, BlockState state, long storedUs, BlockChange change)
    {
        if (!IsSorted(operations))
        {
            operations.Sort(OperationKeys.ByEnd);
        }

        InsertBlock(EncodedBlock.Of(operations, SeriesOf, state, storedUs), change);
    }

    private BlockSeries SeriesOf(Operation operation) => new(
        operation.MetricType,
        _sources.Find(operation.Source) ?? _sources.Add(operation.Source, IdOf(_directory.Sources, "sources", operation.Source)),
        _names.Find(operation.Name) ?? _names.Add(operation.Name, IdOf(_directory.Names, "names", operation.Name)),
        operation.Status);

    /// <summary>Stores a block.</summary>
    public void InsertBlock(EncodedBlock block, BlockChange change)
    {
        long id = _blocks.NextId();
        var bounds = block.Bounds;
        Prepare(
            """
            INSERT INTO operation_blocks (id, state, stored_us, count, first_end_us, last_end_us, min_start_us, max_start_us, min_duration_us, max_duration_us, series, data)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            id, (long)block.State, block.StoredUs, bounds.Count, bounds.FirstEnd, bounds.LastEnd, bounds.MinStart, bounds.MaxStart, bounds.MinDuration, bounds.MaxDuration,
            SeriesList.Write(block.Series), block.Data).ExecuteNonQuery();
        change.Add(new(id, block.State, block.StoredUs, bounds, block.Series), block.Ids);
    }

    public void DeleteBlock(long id, BlockChange change)
    {
        Prepare("DELETE FROM operation_blocks WHERE id = $1", id).ExecuteNonQuery();
        change.Remove(id);
    }

    /// <summary>The operations that ended in a minute.</summary>
    public IEnumerable<Operation> ReadMinute(long minute)
    {
        long from = RollupRebuild.FirstMicrosecond(minute);
        long to = RollupRebuild.FirstMicrosecond(minute + 1);
        foreach (var block in _blocks.Directory.All.Where(block => block.Bounds.Overlaps(from, to)))
        {
            if (Open(block) is not { } opened)
            {
                continue;
            }

            for (int i = FirstOf(opened.Ends, from); i < opened.Count && opened.Ends[i] < to; i++)
            {
                yield return opened.OperationAt(i, _directory.Names.NameOf, _directory.Sources.NameOf);
            }
        }
    }

    public void UpsertRunning(Operation operation)
    {
        Prepare(
            "INSERT INTO running_operations (id, document) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            operation.Id.ToByteArray(bigEndian: true), OperationDocument.WriteRunning(operation)).ExecuteNonQuery();
        _running.Add(operation.Id);
    }

    public void DeleteRunning(Guid id)
    {
        if (_running.Remove(id))
        {
            Prepare("DELETE FROM running_operations WHERE id = $1", id.ToByteArray(bigEndian: true)).ExecuteNonQuery();
        }
    }

    public bool InsertSample(ResourceSample sample, TimeSpan covered) => Prepare(
        "INSERT OR IGNORE INTO resource_samples (source_id, at_us, data) VALUES ($1, $2, $3)",
        IdOf(_directory.Sources, "sources", sample.Source), sample.SampledAt.ToMicroseconds(), SampleDocument.Write(sample, covered)).ExecuteNonQuery() == 1;

    public void AddResourceRollup(RollupResolution resolution, ResourceSample sample, TimeSpan covered)
    {
        long source = IdOf(_directory.Sources, "sources", sample.Source);
        long bucket = RollupBuckets.Of(resolution, sample.SampledAt);
        byte[]? stored = (byte[]?)Prepare(
            "SELECT data FROM resource_rollups WHERE resolution = $1 AND source_id = $2 AND bucket = $3", (long)resolution, source, bucket).ExecuteScalar();
        var rollup = stored is null ? new ResourceRollup() : ResourceRollup.FromBytes(stored);
        rollup.Add(sample, covered);
        Prepare(
            "INSERT INTO resource_rollups (resolution, source_id, bucket, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET data = excluded.data",
            (long)resolution, source, bucket, rollup.ToBytes()).ExecuteNonQuery();
    }

    public void MarkDirty(long minute) => Prepare("INSERT OR IGNORE INTO dirty_minutes (minute) VALUES ($1)", minute).ExecuteNonQuery();

    public void ClearDirty(long minute) => Prepare("DELETE FROM dirty_minutes WHERE minute = $1", minute).ExecuteNonQuery();

    public IReadOnlyList<long> ReadDirty()
    {
        var minutes = new List<long>();
        using var reader = Prepare("SELECT minute FROM dirty_minutes ORDER BY minute").ExecuteReader();
        while (reader.Read())
        {
            minutes.Add(reader.GetInt64(0));
        }

        return minutes;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Command.Dispose();
        }

        // The numbers of a transaction that did not hold are free again.
        foreach (var (dictionary, id, name) in _newNames)
        {
            dictionary.Remove(id, name);
        }

        _transaction?.Dispose();
        _connection.Dispose();
    }

    private static bool IsSorted(List<Operation> operations)
    {
        for (int i = 1; i < operations.Count; i++)
        {
            if (OperationKeys.ByEnd(operations[i - 1], operations[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int FirstOf(ReadOnlySpan<long> ascending, long value)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = ascending[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int IdOf(NameDirectory.Dictionary dictionary, string table, string name)
    {
        if (dictionary.Find(name) is { } known)
        {
            return known;
        }

        int id = dictionary.Next();
        Prepare($"INSERT INTO {table} (id, name) VALUES ($1, $2)", id, name).ExecuteNonQuery();
        dictionary.Add(id, name);
        _newNames.Add((dictionary, id, name));
        return id;
    }

    private SqliteCommand Prepare(string text, params object?[] values)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            var command = _connection.CreateCommand();
            command.CommandText = text;
            var parameters = values.Select((_, index) => command.Parameters.AddWithValue($"${index + 1}", 0L)).ToArray();
            _statements.Add(text, statement = new(command, parameters));
        }

        statement.Command.Transaction = _transaction;
        for (int i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return statement.Command;
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

    private sealed record Statement(SqliteCommand Command, SqliteParameter[] Parameters);
}
