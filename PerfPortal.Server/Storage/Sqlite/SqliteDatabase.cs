using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The portal's database as one file in the data directory.</summary>
internal sealed class SqliteDatabase : IPortalDatabase, IDisposable
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(3);

    private readonly SqliteRollupPacker _rollupPacker = new();
    private readonly string _path;
    private readonly string _connectionString;
    private readonly Lazy<PooledDbContextFactory<SqlitePortalDbContext>> _contexts;
    private readonly Lock _gate = new();
    private readonly SqliteOwnership _ownership;
    private SqliteWriter? _writer;
    private volatile bool _isLoaded;
    private bool _isUncertain;

    /// <summary>Creates the database object. Does not open the file.</summary>
    /// <param name="path">The path of the database file.</param>
    /// <param name="names">The in-memory directory of its names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lockTimeoutSeconds">How many seconds to wait for a database lock before the attempt fails.</param>
    /// <param name="maxIds">The number of stored ids after which the oldest cached ids are evicted.</param>
    public SqliteDatabase(string path, NameDirectory names, TimeProvider time, int lockTimeoutSeconds = 10, int maxIds = RecentIds.MaxItems)
    {
        _path = path;
        _ownership = new(path, time);
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

    /// <summary>Whether the block directory is loaded.</summary>
    public bool IsLoaded => _isLoaded;

    public PortalDbContext CreateContext() => _contexts.Value.CreateDbContext();

    /// <summary>
    /// Runs one write transaction. Writers are serialized; concurrent callers wait. The transaction is atomic; after a failure
    /// the connection is reopened.
    /// </summary>
    /// <param name="work">The work to run. It records block changes in the <see cref="BlockChange"/>.</param>
    public T Write<T>(Func<SqliteWriter, BlockChange, T> work)
    {
        lock (_gate)
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

    /// <summary>Opens a read transaction with snapshot isolation.</summary>
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
        // A write that does not finish must not keep the process from ending; its data is not acknowledged.
        if (!_gate.TryEnter(DisposeTimeout))
        {
            return;
        }

        try
        {
            _writer?.Dispose();
            _writer = null;
            _ownership.Dispose();
            _isLoaded = false;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _ownership.Take();
        }

        return Task.CompletedTask;
    }

    public Task ReleaseAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
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

    public ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        return ValueTask.FromResult<long?>(SqliteExtents.ReadUsedBytes(connection));
    }

    public ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        return ValueTask.FromResult<IReadOnlyList<StoredExtent>>(SqliteExtents.Read(connection));
    }

    public ValueTask ReleaseSpaceAsync(CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        SqliteExtents.Release(connection, cancellationToken);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string?> ReadSettingAsync(string key, CancellationToken cancellationToken)
    {
        using var connection = OpenConnection();
        return ValueTask.FromResult(SqliteStart.ReadSetting(connection, key));
    }

    public BlockFigures? ReadBlockFigures()
    {
        var blocks = Blocks.Directory.All.ToLookup(block => block.State);
        return new(
            Blocks.Directory.All.Sum(block => (long)block.Count), blocks[BlockState.Fresh].Count(), blocks[BlockState.Packed].Count(), blocks[BlockState.Thinned].Count(),
            Blocks.Damaged, Blocks.Ids.Count);
    }

    public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken) => ValueTask.FromResult(SqlitePurge.Step(this, step));

    /// <summary>Held by what rewrites stored pages outside the writer's transactions, and by what must not run beside that.</summary>
    public Lock RollupPacking { get; } = new();

    public bool PackRollups(DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken)
    {
        lock (RollupPacking)
        {
            // Packing could move rollups of a removed source to pages from which they have been deleted.
            if (Names.Sources.Hidden.Count > 0)
            {
                return false;
            }

            using var connection = OpenConnection();
            return _rollupPacker.Step(connection, packedBefore, gatheredBefore, cancellationToken);
        }
    }

    public bool IsTransient(Exception exception) => SqliteFailure.IsTransient(exception);

    public string Explain(Exception exception) => SqliteFailure.Explain(_path, exception);

    /// <summary>
    /// Whether a write failed because the disk is full. A full disk is not always reported as such: creating or mapping a file beside the database then fails
    /// with an I/O error.
    /// </summary>
    internal bool IsDiskFull(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException { SqliteErrorCode: 13 })
            {
                return true;
            }

            if (cause is SqliteException { SqliteErrorCode: 10 or 14 } or IOException)
            {
                return DiskSpace.IsExhausted(_path);
            }
        }

        return false;
    }

    /// <summary>Opens a pooled connection, separate from the writer's. Dispose it promptly.</summary>
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

    /// <summary>Commits. A failed commit may still have been applied, so the in-memory state is reloaded before the next write.</summary>
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

    /// <summary>Takes ownership of the file and loads the blocks: the in-memory state is valid only while no other process writes.</summary>
    private void EnsureLoaded()
    {
        lock (_gate)
        {
            if (_isLoaded)
            {
                return;
            }

            _ownership.Take();
            using var connection = OpenForWriting();
            Blocks.Load(connection);
            _isLoaded = true;
        }
    }
}
