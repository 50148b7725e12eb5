using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The portal's database as one file below the data directory.</summary>
internal sealed class SqliteDatabase : IPortalDatabase, IDisposable
{
    private readonly SqliteRollupPacker _rollupPacker = new();
    private readonly string _path;
    private readonly string _connectionString;
    private readonly Lazy<PooledDbContextFactory<SqlitePortalDbContext>> _contexts;
    private readonly Lock _turn = new();
    private SqliteWriter? _writer;
    private FileStream? _ownership;
    private volatile bool _isLoaded;
    private bool _isUncertain;

    /// <summary>Names the file; nothing is opened yet.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="names">The names in it, as the portal has them in memory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lockTimeoutSeconds">How many seconds to wait while another locks the file, before the attempt counts as failed.</param>
    /// <param name="maxIds">After how many stored ids the oldest of those held begin to be forgotten.</param>
    public SqliteDatabase(string path, NameDirectory names, TimeProvider time, int lockTimeoutSeconds = 10, int maxIds = RecentIds.MaxItems)
    {
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = lockTimeoutSeconds, Pooling = true }.ToString();
        Names = names;
        Blocks = new(time, maxIds);
        _contexts = new(() => new(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite(_connectionString).Options, IPortalDatabase.ContextsKept));
    }

    public string Name => "SQLite";

    /// <summary>The names in the database.</summary>
    public NameDirectory Names { get; }

    /// <summary>The blocks of ended operations.</summary>
    public SqliteBlocks Blocks { get; }

    /// <summary>Whether it is known which blocks there are.</summary>
    public bool IsLoaded => _isLoaded;

    public PortalDbContext CreateContext() => _contexts.Value.CreateDbContext();

    /// <summary>
    /// Runs one transaction of the one writer; who comes meanwhile waits. It holds in whole or not at all; after a failure
    /// the connection is opened anew.
    /// </summary>
    /// <param name="work">What to do; it tells what becomes of the blocks.</param>
    public T Write<T>(Func<SqliteWriter, BlockChange, T> work)
    {
        lock (_turn)
        {
            try
            {
                _writer ??= OpenWriter();
                var change = new BlockChange();
                _writer.Begin();
                var result = work(_writer, change);
                Commit(_writer, change);
                return result;
            }
            catch
            {
                _writer?.Dispose();
                _writer = null;
                throw;
            }
        }
    }

    /// <summary>Begins to read: all that is read by it is of one moment.</summary>
    public SqliteSnapshot OpenSnapshot()
    {
        if (!_isLoaded)
        {
            EnsureLoaded();
        }

        return SqliteSnapshot.Begin(_connectionString, Blocks);
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _writer?.Dispose();
            _writer = null;
            _ownership?.Dispose();
            _ownership = null;
            _isLoaded = false;
        }
    }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await using (var connection = new SqliteConnection(_connectionString))
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
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        SqliteStart.LoadNames(connection, directory);
    }

    public async Task<IReadOnlyList<RunningRow>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return SqliteStart.ReadRunning(connection);
    }

    public Task<long> ReadSizeAsync(CancellationToken cancellationToken) => Task.FromResult(
        new[] { _path, _path + "-wal", _path + "-shm" }.Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length));

    public BlockFigures? ReadBlockFigures()
    {
        var blocks = Blocks.Directory.All.ToLookup(block => block.State);
        return new(
            Blocks.Directory.All.Sum(block => (long)block.Count), blocks[BlockState.Fresh].Count(), blocks[BlockState.Packed].Count(), blocks[BlockState.Thinned].Count(),
            Blocks.Damaged, Blocks.Ids.Count);
    }

    public async Task<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        var resolution = (RollupResolution)Math.Max((byte)1, step.Selector);
        long bucket = RollupBuckets.Of(resolution, step.Before);
        int deleted = await (step.Kind switch
        {
            PurgeKind.Operations => Task.FromResult(SqlitePurge.Operations(this, (MetricType)step.Selector, step.Before, step.Rows)),
            PurgeKind.Samples => context.Database.ExecuteSqlAsync(
                $"DELETE FROM resource_samples WHERE rowid IN (SELECT rowid FROM resource_samples WHERE at_us < {step.Before.ToMicroseconds()} LIMIT {step.Rows})",
                cancellationToken),
            PurgeKind.Rollups => context.Database.ExecuteSqlAsync(
                $"""
                DELETE FROM rollup_pages WHERE key IN (
                    SELECT key FROM rollup_pages WHERE key < {SqliteRollupRows.KeyOf(resolution, bucket)} AND key % 4 = {step.Selector}
                    UNION ALL SELECT key FROM rollup_pages WHERE key < {SqliteRollupRows.EndOfMinutes(resolution, bucket)} AND key % 4 = 3 LIMIT {step.Rows})
                """,
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

    public bool IsShared => false;

    public Task ReadRollupsAsync(
        NameDirectory directory, RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        using var connection = OpenForReading();
        SqliteRollupReader.Read(connection, directory, resolution, from, to, series, each, cancellationToken);
        return Task.CompletedTask;
    }

    public async Task<bool> PackRollupsAsync(DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return _rollupPacker.Step(connection, packedBefore, gatheredBefore, cancellationToken);
    }

    public bool IsTransient(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the file may come back.
            if (cause is SqliteException { SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 13 or 14 } or IOException or UnauthorizedAccessException)
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

    /// <summary>A connection for one reading; dispose of it soon.</summary>
    internal SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private SqliteWriter OpenWriter()
    {
        EnsureLoaded();
        var connection = OpenForWriting();
        try
        {
            if (_isUncertain)
            {
                SqliteStart.LoadNames(connection, Names);
                Blocks.Load(connection);
                _isUncertain = false;
            }

            return new(connection, Names, Blocks);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A commit that fails may hold nevertheless; then what is known of the file is read anew before anything else is written.</summary>
    private void Commit(SqliteWriter writer, BlockChange change)
    {
        try
        {
            writer.Commit(change);
        }
        catch (SqliteException exception)
        {
            _isUncertain = true;
            throw new UncertainCommitException(exception);
        }
    }

    private SqliteConnection OpenForWriting()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString());
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-2048;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    /// <summary>What is known of the blocks in memory is true only as long as nobody else writes: the first to use the file owns it.</summary>
    private void EnsureLoaded()
    {
        lock (_turn)
        {
            if (_ownership is not null)
            {
                return;
            }

            FileStream ownership;
            try
            {
                ownership = new FileStream(_path + ".owner", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException exception)
            {
                throw new IOException($"{_path}.owner cannot be locked. If another portal uses the database: several share SQL Server, not SQLite.", exception);
            }

            try
            {
                using var connection = OpenForWriting();
                Blocks.Load(connection);
                _ownership = ownership;
                _isLoaded = true;
            }
            catch
            {
                ownership.Dispose();
                throw;
            }
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
