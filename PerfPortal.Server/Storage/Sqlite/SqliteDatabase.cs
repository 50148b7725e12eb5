using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The portal's database as one file below the data directory.</summary>
internal sealed class SqliteDatabase : IPortalDatabase
{
    private readonly string _path;
    private readonly DbContextOptions<SqlitePortalDbContext> _options;

    /// <summary>Names the file; nothing is opened yet.</summary>
    public SqliteDatabase(string path)
    {
        _path = path;
        _options = new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite(ConnectionString).Options;
    }

    public string Name => "SQLite";

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 10, Pooling = true }.ToString();

    public PortalDbContext CreateContext() => new SqlitePortalDbContext(_options);

    /// <summary>A connection of its own, open, for the journal's prepared commands.</summary>
    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000; PRAGMA temp_store=MEMORY;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await using (var connection = new SqliteConnection(ConnectionString))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var pragmas = connection.CreateCommand();

            // Before the first table, else it would take a VACUUM to change it.
            pragmas.CommandText = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            if (SqliteStart.TryBringUpToDate(connection))
            {
                return;
            }
        }

        await using var context = CreateContext();
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
        {
            // The turn is ours, so a lock row can only be what a process left that died while it migrated.
            await context.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY, Timestamp TEXT NOT NULL); DELETE FROM __EFMigrationsLock;",
                cancellationToken).ConfigureAwait(false);
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task LoadNamesAsync(NameDirectory directory, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        SqliteStart.LoadNames(connection, directory);
    }

    public async Task<IReadOnlyList<RunningRow>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return SqliteStart.ReadRunning(connection);
    }

    public Task<long> ReadSizeAsync(CancellationToken cancellationToken) => Task.FromResult(
        new[] { _path, _path + "-wal", _path + "-shm" }.Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length));

    public async Task<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        long bucket = RollupBuckets.Of((RollupResolution)Math.Max((byte)1, step.Selector), step.Before);
        int deleted = await (step.Kind switch
        {
            PurgeKind.Operations => context.Database.ExecuteSqlAsync(
                $"DELETE FROM operations WHERE key IN (SELECT key FROM operations WHERE key < {OperationKeys.First(step.Before)} AND metric_type = {step.Selector} LIMIT {step.Rows})",
                cancellationToken),
            PurgeKind.Samples => context.Database.ExecuteSqlAsync(
                $"DELETE FROM resource_samples WHERE rowid IN (SELECT rowid FROM resource_samples WHERE at_us < {step.Before.ToMicroseconds()} LIMIT {step.Rows})",
                cancellationToken),
            PurgeKind.Rollups => context.Database.ExecuteSqlAsync(
                $"DELETE FROM rollups WHERE rowid IN (SELECT rowid FROM rollups WHERE resolution = {step.Selector} AND bucket < {bucket} LIMIT {step.Rows})",
                cancellationToken),
            _ => context.Database.ExecuteSqlAsync(
                $"DELETE FROM resource_rollups WHERE rowid IN (SELECT rowid FROM resource_rollups WHERE resolution = {step.Selector} AND bucket < {bucket} LIMIT {step.Rows})",
                cancellationToken),
        }).ConfigureAwait(false);
        if (deleted > 0)
        {
            await GiveBackAsync(context, cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    public bool IsTransient(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the file may come back.
            if (cause is SqliteException { SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 13 or 14 })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives some of the pages that are free to the file system; else the file would keep its largest size for ever.</summary>
    private static async Task GiveBackAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA incremental_vacuum(1000)";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // A page a row.
        }
    }

    private async Task<FileStream> TakeTurnAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < 300)
            {
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
