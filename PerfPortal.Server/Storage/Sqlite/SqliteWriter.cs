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
    private const int MaxGathered = 100_000;

    private readonly SqliteConnection _connection;
    private readonly NameDirectory _directory;
    private readonly SqliteBlocks _blocks;
    private readonly SqliteStatements _statements;
    private readonly SqliteNames _names;

    // Operations stored as running. Most operations end without having been stored as running and need no deletion.
    private readonly HashSet<Guid> _running = [];

    public SqliteWriter(SqliteConnection connection, NameDirectory directory, SqliteBlocks blocks)
    {
        _connection = connection;
        _directory = directory;
        _blocks = blocks;
        _statements = new(connection);
        _names = new(_statements, directory);
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

    /// <summary>Returns the operations of a block, ordered by end time; empty if the block is corrupt.</summary>
    public IEnumerable<Operation> ReadBlock(BlockInfo block) =>
        Open(block) is { } opened
            ? Enumerable.Range(0, opened.Count).Select(index => opened.OperationAt(index, _directory.Names.NameOf, _directory.Sources.NameOf))
            : [];

    /// <summary>Stores operations as a block.</summary>
    /// <param name="operations">The operations, in any order.</param>
    /// <param name="state">The state of the block.</param>
    /// <param name="storedUs">The time at which the most recent of them was stored, in µs.</param>
    /// <param name="change">Records the new block.</param>
    public void InsertBlock(List<Operation> operations, BlockState state, long storedUs, BlockChange change)
    {
        if (!IsSorted(operations))
        {
            operations.Sort(OperationKeys.ByEnd);
        }

        InsertBlock(EncodedBlock.Of(operations, _names.SeriesOf, state, storedUs), change);
    }

    /// <summary>Stores a block.</summary>
    public void InsertBlock(EncodedBlock block, BlockChange change)
    {
        long id = _blocks.NextId();
        var bounds = block.Bounds;
        _statements.Prepare(
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
        _statements.Prepare("DELETE FROM operation_blocks WHERE id = $1", id).ExecuteNonQuery();
        change.Remove(id);
    }

    /// <summary>Returns the operations that ended in a minute.</summary>
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

    /// <summary>
    /// Returns the operations that ended in each of these minutes. Reads each block once for many minutes: late reports make blocks that overlap a whole day. At most
    /// <see cref="MaxGathered"/> operations are held; denser minutes are read in parts.
    /// </summary>
    /// <param name="minutes">The minutes, ascending.</param>
    /// <param name="cancellationToken">Cancels between two blocks.</param>
    public IEnumerable<(long Minute, IEnumerable<Operation> Operations)> ReadMinutes(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        if (minutes.Count < 2)
        {
            return minutes.Select(minute => (minute, ReadMinute(minute)));
        }

        if (Gather(minutes, cancellationToken) is { } gathered)
        {
            return minutes.Select(minute => (minute, gathered.GetValueOrDefault(minute, []).AsEnumerable()));
        }

        int half = minutes.Count / 2;
        return ReadMinutes([.. minutes.Take(half)], cancellationToken).Concat(Later());

        // Lazily, so that the first half is not held with the second.
        IEnumerable<(long Minute, IEnumerable<Operation> Operations)> Later()
        {
            foreach (var part in ReadMinutes([.. minutes.Skip(half)], cancellationToken))
            {
                yield return part;
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
        _statements.Dispose();
        _statements.Transaction?.Dispose();
        _connection.Dispose();
    }

    private Dictionary<long, List<Operation>>? Gather(IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        var gathered = minutes.ToDictionary(minute => minute, _ => new List<Operation>());
        long from = RollupRebuild.FirstMicrosecond(minutes[0]);
        long to = RollupRebuild.FirstMicrosecond(minutes[^1] + 1);
        int count = 0;
        foreach (var block in _blocks.Directory.All.Where(block => block.Bounds.Overlaps(from, to)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Open(block) is not { } opened)
            {
                continue;
            }

            for (int i = FirstOf(opened.Ends, from); i < opened.Count && opened.Ends[i] < to; i++)
            {
                if (!gathered.TryGetValue(minutes[0] + ((opened.Ends[i] - from) / 60_000_000), out var operations))
                {
                    continue;
                }

                if (++count > MaxGathered)
                {
                    return null;
                }

                operations.Add(opened.OperationAt(i, _directory.Names.NameOf, _directory.Sources.NameOf));
            }
        }

        return gathered;
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
}
