using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The prepared commands of the journal on one open connection; after an exception it must be thrown away.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private const string OperationColumns =
        "key, id_high, id_low, metric_type, status, source_id, name_id, start_us, duration_us, error_type, error_message, details";

    private readonly SqliteConnection _connection;
    private readonly NameDirectory _directory;
    private readonly Dictionary<string, Statement> _statements = [];
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _newNames = [];

    // Where the search for a free key of a crowded microsecond ended, within one transaction.
    private readonly Dictionary<long, long> _firstFree = [];
    private SqliteTransaction? _transaction;

    public SqliteWriter(SqliteConnection connection, NameDirectory directory)
    {
        _connection = connection;
        _directory = directory;
        Rollups = new(Prepare, directory, source => IdOf(directory.Sources, "sources", source), name => IdOf(directory.Names, "names", name));
    }

    /// <summary>The stored rollups of operations.</summary>
    public SqliteRollupPages Rollups { get; }

    public void Begin()
    {
        _firstFree.Clear();
        _transaction = _connection.BeginTransaction(deferred: false);
    }

    public void Commit()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;

        _newNames.Clear();
    }

    public (long Key, Operation Operation)? Find(long high, long low)
    {
        using var reader = Prepare($"SELECT {OperationColumns} FROM operations WHERE id_low = $1 AND id_high = $2", low, high).ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), ReadOperation(reader)) : null;
    }

    public void Insert(Operation operation, long high, long low)
    {
        int source = IdOf(_directory.Sources, "sources", operation.Source);
        int name = IdOf(_directory.Names, "names", operation.Name);
        byte[]? details = OperationDocument.WriteDetails(operation);
        long start = operation.StartTime.ToMicroseconds();
        long end = operation.EndTime!.Value.ToMicroseconds();
        long key = OperationKeys.Preferred(operation.EndTime!.Value, low);
        while (true)
        {
            int inserted = Prepare(
                $"INSERT OR IGNORE INTO operations ({OperationColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                key, high, low, (long)operation.MetricType, (long)operation.Status, source, name, start, end - start,
                operation.ErrorType, operation.ErrorMessage, details).ExecuteNonQuery();
            if (inserted == 1)
            {
                return;
            }

            // The slot is taken: the first free one of this microsecond, then of those after it.
            key = FirstFree(end);
        }
    }

    public void DeleteOperation(long key) => Prepare("DELETE FROM operations WHERE key = $1", key).ExecuteNonQuery();

    /// <summary>The operations that ended in a minute, and maybe a few that ended soon after it.</summary>
    public IEnumerable<Operation> ReadMinute(long minute)
    {
        var operations = new List<Operation>();
        long first = OperationKeys.First(RollupRebuild.FirstMicrosecond(minute));
        long last = OperationKeys.First(RollupRebuild.FirstMicrosecond(minute + 1) + OperationKeys.ReachUs);
        using var reader = Prepare($"SELECT {OperationColumns} FROM operations WHERE key >= $1 AND key < $2", first, last).ExecuteReader();
        while (reader.Read())
        {
            operations.Add(ReadOperation(reader));
        }

        return operations;
    }

    public void UpsertRunning(Operation operation) => Prepare(
        "INSERT INTO running_operations (id, document) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
        operation.Id.ToByteArray(bigEndian: true), OperationDocument.WriteRunning(operation)).ExecuteNonQuery();

    public void DeleteRunning(Guid id) =>
        Prepare("DELETE FROM running_operations WHERE id = $1", id.ToByteArray(bigEndian: true)).ExecuteNonQuery();

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

    /// <summary>The first key from the first slot of a microsecond on that no row has.</summary>
    private long FirstFree(long microsecond)
    {
        long key = _firstFree.GetValueOrDefault(microsecond, OperationKeys.First(microsecond));
        using var reader = Prepare("SELECT key FROM operations WHERE key >= $1 ORDER BY key", key).ExecuteReader();
        while (reader.Read() && reader.GetInt64(0) == key)
        {
            key++;
        }

        _firstFree[microsecond] = key;
        return key;
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

    private Operation ReadOperation(SqliteDataReader reader) => EfOperationReader.ToOperation(
        new OperationRow
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
            Details = reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11),
        },
        _directory);

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

    private sealed record Statement(SqliteCommand Command, SqliteParameter[] Parameters);
}
