using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The journal's prepared commands on one open connection. Must be disposed after an exception.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly NameDirectory _directory;
    private readonly SqliteBlocks _blocks;
    private readonly SqliteStatements _statements;
    private readonly SqliteNames _names;
    private readonly SqliteBlockData _blockData;

    // Operations stored as running. Most operations end without having been stored as running and need no deletion.
    private readonly HashSet<Guid> _running = [];

    public SqliteWriter(SqliteConnection connection, NameDirectory directory, SqliteBlocks blocks)
    {
        _connection = connection;
        _directory = directory;
        _blocks = blocks;
        _statements = new(connection);
        _names = new(_statements, directory);
        _blockData = new(connection);
        Rollups = new(_statements, new(directory, delta => new(
            (byte)delta.Series.MetricType, _names.SourceOf(delta.Series.Source), _names.NameOf(delta.Series.Name), (byte)delta.Outcome)));
        using var reader = _statements.Prepare("SELECT id FROM running_operations").ExecuteReader();
        while (reader.Read())
        {
            _running.Add(new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true));
        }
    }

    /// <summary>The stored operation rollups.</summary>
    public SqliteRollupPages Rollups { get; }

    /// <summary>The stored names and sources.</summary>
    public SqliteNames Names => _names;

    public void Begin() => _statements.Transaction = _connection.BeginTransaction(deferred: false);

    /// <summary>Commits the transaction and publishes the block changes atomically with it.</summary>
    public void Commit(BlockChange change)
    {
        _blocks.Publish(change, _statements.Transaction!.Commit);
        _statements.Transaction.Dispose();
        _statements.Transaction = null;
        _names.Commit();
    }

    /// <summary>Opens a stored block; <see langword="null"/> if it is corrupt.</summary>
    public OperationBlock? Open(BlockInfo block) => _blocks.Open(id => _statements.Prepare(SqliteBlockData.Select, id).ExecuteScalar() as byte[], block);

    /// <summary>Opens a stored block without caching; the caller disposes it. <see langword="null"/> if it is corrupt.</summary>
    public OperationBlock? OpenOnce(BlockInfo block) => _blocks.OpenOnce(_blockData, block);

    /// <summary>Returns the operations of a block, ordered by end time; empty if the block is corrupt.</summary>
    public IEnumerable<Operation> ReadBlock(BlockInfo block) =>
        Open(block) is { } opened
            ? Enumerable.Range(0, opened.Count).Select(index => opened.OperationAt(index, _directory.Names.NameOf, _directory.Sources.NameOf))
            : [];

    /// <summary>Returns the operations of a block like <see cref="ReadBlock"/>, without caching it.</summary>
    public List<Operation> ReadBlockOnce(BlockInfo block)
    {
        using var opened = OpenOnce(block);
        return opened is null ? [] : [.. Enumerable.Range(0, opened.Count).Select(index => opened.OperationAt(index, _directory.Names.NameOf, _directory.Sources.NameOf))];
    }

    /// <summary>Stores operations as a block.</summary>
    /// <param name="operations">The operations, in any order.</param>
    /// <param name="state">The state of the block.</param>
    /// <param name="storedUs">The time at which the most recent of them was stored, in µs.</param>
    /// <param name="change">Records the new block.</param>
    public void InsertBlock(List<Operation> operations, BlockState state, long storedUs, BlockChange change)
    {
        OperationKeys.SortByEnd(operations);
        InsertBlock(EncodedBlock.Of(operations, _names.SeriesOf, state, storedUs), change);
    }

    /// <summary>Stores a block.</summary>
    public void InsertBlock(EncodedBlock block, BlockChange change)
    {
        long id = _blocks.NextId();
        var bounds = block.Bounds;
        var ids = IdExtent.Of(block.Ids);
        _statements.Prepare(
            """
            INSERT INTO operation_blocks (id, state, stored_us, count, first_end_us, last_end_us, min_start_us, max_start_us, min_duration_us, max_duration_us, series, data)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            id, (long)block.State, block.StoredUs, bounds.Count, bounds.FirstEnd, bounds.LastEnd, bounds.MinStart, bounds.MaxStart, bounds.MinDuration, bounds.MaxDuration,
            SeriesList.Write(ids, block.Series), block.Data).ExecuteNonQuery();
        change.Add(new(id, block.State, block.StoredUs, bounds, ids, block.Series), block.Ids);
    }

    public void DeleteBlock(long id, BlockChange change)
    {
        _statements.Prepare("DELETE FROM operation_blocks WHERE id = $1", id).ExecuteNonQuery();
        change.Remove(id);
    }

    /// <summary>Returns the operations that ended in an hour, block by block.</summary>
    public IEnumerable<Operation> ReadHour(long hour)
    {
        long first = hour * 60;
        long from = RollupRebuild.FirstMicrosecond(first);
        long to = RollupRebuild.FirstMicrosecond(first + 60);
        foreach (var block in _blocks.Directory.All.Where(block => block.Bounds.Overlaps(from, to)))
        {
            using var opened = OpenOnce(block);
            for (int i = opened is null ? 0 : FirstOf(opened.Ends, from); i < opened?.Count && opened.Ends[i] < to; i++)
            {
                yield return opened.OperationAt(i, _directory.Names.NameOf, _directory.Sources.NameOf);
            }
        }
    }

    public void UpsertRunning(Operation operation)
    {
        _statements.Prepare(
            "INSERT INTO running_operations (id, document) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            operation.Id.ToByteArray(bigEndian: true), OperationDocument.WriteRunning(operation)).ExecuteNonQuery();
        _running.Add(operation.Id);
    }

    public void DeleteRunning(Guid id)
    {
        if (_running.Remove(id))
        {
            _statements.Prepare("DELETE FROM running_operations WHERE id = $1", id.ToByteArray(bigEndian: true)).ExecuteNonQuery();
        }
    }

    /// <summary>Deletes the running operations of a source.</summary>
    /// <returns>Their number.</returns>
    public int DeleteRunningOf(string source)
    {
        var ids = new List<Guid>();
        using (var reader = _statements.Prepare("SELECT id, document FROM running_operations").ExecuteReader())
        {
            while (reader.Read())
            {
                var id = new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true);
                if (OperationDocument.ReadRunning(id, reader.GetFieldValue<byte[]>(1)).Source == source)
                {
                    ids.Add(id);
                }
            }
        }

        ids.ForEach(DeleteRunning);
        return ids.Count;
    }

    /// <summary>Executes a statement and returns the number of affected rows.</summary>
    public int Execute(string text, params object[] values) => _statements.Prepare(text, values).ExecuteNonQuery();

    public bool InsertSample(ResourceSample sample, TimeSpan covered) => _statements.Prepare(
        "INSERT OR IGNORE INTO resource_samples (source_id, at_us, data) VALUES ($1, $2, $3)",
        _names.SourceOf(sample.Source), sample.SampledAt.ToMicroseconds(), SampleDocument.Write(sample, covered)).ExecuteNonQuery() == 1;

    public void AddResourceRollup(RollupResolution resolution, ResourceSample sample, TimeSpan covered)
    {
        long source = _names.SourceOf(sample.Source);
        long bucket = RollupBuckets.Of(resolution, sample.SampledAt);
        byte[]? stored = (byte[]?)_statements.Prepare(
            "SELECT data FROM resource_rollups WHERE resolution = $1 AND source_id = $2 AND bucket = $3", (long)resolution, source, bucket).ExecuteScalar();
        var rollup = stored is null ? new ResourceRollup() : ResourceRollup.FromBytes(stored);
        rollup.Add(sample, covered);
        _statements.Prepare(
            "INSERT INTO resource_rollups (resolution, source_id, bucket, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET data = excluded.data",
            (long)resolution, source, bucket, rollup.ToBytes()).ExecuteNonQuery();
    }

    public void MarkDirty(long minute) => _statements.Prepare("INSERT OR IGNORE INTO dirty_minutes (minute) VALUES ($1)", minute).ExecuteNonQuery();

    public void ClearDirty(long minute) => _statements.Prepare("DELETE FROM dirty_minutes WHERE minute = $1", minute).ExecuteNonQuery();

    public IReadOnlyList<long> ReadDirty()
    {
        var minutes = new List<long>();
        using var reader = _statements.Prepare("SELECT minute FROM dirty_minutes ORDER BY minute").ExecuteReader();
        while (reader.Read())
        {
            minutes.Add(reader.GetInt64(0));
        }

        return minutes;
    }

    public void Dispose()
    {
        _names.Dispose();
        _blockData.Dispose();
        _statements.Dispose();
        _statements.Transaction?.Dispose();
        _connection.Dispose();
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
}
