using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;

namespace PerfPortal.Benchmarks.Storage;

/// <summary>Bytes of a database file.</summary>
/// <param name="File">The whole file.</param>
/// <param name="Blocks">The blocks of operations.</param>
/// <param name="Rollups">The rollups.</param>
internal readonly record struct FileBytes(long File, long Blocks, long Rollups);

/// <summary>An SQLite database in a folder of its own, filled through the journal as the portal does it.</summary>
internal sealed class MeasuredDatabase : IAsyncDisposable
{
    private const int Batch = 512;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-benchmarks", Guid.NewGuid().ToString("N"));
    private readonly SqliteDatabase _database;

    private MeasuredDatabase() => _database = new(File, new NameDirectory(), TimeProvider.System);

    private string File => Path.Combine(_folder, "perfportal.db");

    /// <summary>Stores operations in batches, with their rollups.</summary>
    public static async Task<MeasuredDatabase> FillAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var database = new MeasuredDatabase();
        await database._database.MigrateAsync(cancellationToken);
        var store = new SqliteJournalStore(database._database, TimeProvider.System);
        var journal = new OperationJournal(store, new RollupBuffer(TimeProvider.System), [], TimeProvider.System, NullLogger<OperationJournal>.Instance);
        var run = journal.RunAsync(cancellationToken);
        foreach (var part in operations.Chunk(Batch))
        {
            await journal.SubmitAsync([.. part.Select(operation => new OperationEnded(operation))], cancellationToken);
        }

        journal.Close();
        await run;
        return database;
    }

    /// <summary>Packs everything, as time would.</summary>
    public int PackAll(CancellationToken cancellationToken)
    {
        while (_database.PackRollups(DateTimeOffset.MaxValue.AddDays(-1), DateTimeOffset.MaxValue.AddDays(-1), cancellationToken))
        {
        }

        var horizons = new RetentionHorizons(TimeProvider.System, new(_ => 1_000_000, 1_000_000, 1_000_000, 1_000_000));
        var packer = new SqlitePacker(_database, horizons, TimeProvider.System);
        int packed = 0;
        for (int step; (step = packer.Step(everything: true, cancellationToken)) > 0; packed += step)
        {
        }

        return packed;
    }

    /// <summary>What the file takes once its free pages are given back.</summary>
    public FileBytes Measure()
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        Execute(connection, "VACUUM");
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return new(new FileInfo(File).Length, DataOf(connection, "operation_blocks"), DataOf(connection, "rollup_pages"));
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static long DataOf(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT coalesce(sum(length(data)), 0) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
        }
    }
}
