using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PerfPortal.Domain.Journal;
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

    public Task MigrateAsync(CancellationToken cancellationToken) => SqliteMigration.RunAsync(_path, _connectionString, CreateContext, cancellationToken);

    public ValueTask LoadNamesAsync(NameDirectory directory, CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        SqliteStart.LoadNames(connection, directory);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<RunningRow>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        return ValueTask.FromResult<IReadOnlyList<RunningRow>>(SqliteStart.ReadRunning(connection));
    }

    public ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        new[] { _path, _path + "-wal", _path + "-shm" }.Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length));

    public BlockFigures? ReadBlockFigures()
    {
        var blocks = Blocks.Directory.All.ToLookup(block => block.State);
        return new(
            Blocks.Directory.All.Sum(block => (long)block.Count), blocks[BlockState.Fresh].Count(), blocks[BlockState.Packed].Count(), blocks[BlockState.Thinned].Count(),
            Blocks.Damaged, Blocks.Ids.Count);
    }

    public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken) => ValueTask.FromResult(SqlitePurge.Step(this, step));

    public bool IsShared => false;

    public bool PackRollups(DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
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

    /// <summary>A pooled connection, beside the writer's; dispose of it soon.</summary>
    internal SqliteConnection OpenConnection()
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
}
