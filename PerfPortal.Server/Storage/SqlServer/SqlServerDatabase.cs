using System.Globalization;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Rollups;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>The portal's database on SQL Server.</summary>
internal sealed class SqlServerDatabase : IPortalDatabase
{
    // A migration may read every operation once.
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(30);

    private const string FirstDatabase = "master";
    private const int AlreadyThere = 1801;
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(30);

    private readonly Lazy<PooledDbContextFactory<SqlServerPortalDbContext>> _contexts;
    private readonly TimeProvider _time;
    private readonly SqlServerLease _lease;
    private readonly string _server;
    private readonly string _database;

    /// <summary>Creates the database object. Does not open a connection.</summary>
    /// <exception cref="ArgumentException">The connection string is invalid or does not specify a database.</exception>
    public SqlServerDatabase(string connectionString, TimeProvider time)
    {
        var builder = new SqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(builder.InitialCatalog))
        {
            throw new ArgumentException("The connection string does not specify a database; add Database=perfportal.", nameof(connectionString));
        }

        ConnectionString = builder.ToString();
        (_server, _database) = (builder.DataSource, builder.InitialCatalog);
        IsEncrypted = builder.Encrypt != SqlConnectionEncryptOption.Optional;
        _time = time;
        _lease = new(ConnectionString, time);

        // EF Core retries are disabled: the journal retries whole batches itself, and all other callers fail fast.
        _contexts = new(() => new(new DbContextOptionsBuilder<SqlServerPortalDbContext>().UseSqlServer(ConnectionString).Options, IPortalDatabase.ContextsKept));
    }

    public string Name => "SQL Server";

    /// <summary>The connection string. It can contain a password, so do not log or display it.</summary>
    internal string ConnectionString { get; }

    /// <summary>Whether the connection must be encrypted.</summary>
    internal bool IsEncrypted { get; }

    /// <summary>The id of this process in the lease of the database.</summary>
    internal Guid Owner => _lease.Owner;

    public TimeSpan? RenewEvery => SqlServerLease.RenewEvery;

    public string? ConnectionWarning => IsEncrypted
        ? null
        : "The connection string sets Encrypt=False. Without encryption, reading many rows from SQL Server fails at random and is retried, and anyone on the network can read "
        + "the data. Remove the setting, and add TrustServerCertificate=True if the server has no trusted certificate.";

    public PortalDbContext CreateContext() => _contexts.Value.CreateDbContext();

    public async Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken)
    {
        RequireCultures();
        await CreateIfMissingAsync(cancellationToken).ConfigureAwait(false);
        if (Convert.ToInt32(await ScalarAsync(SqlServerStatement.HasLeaseTable, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture) == 0)
        {
            await MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        await _lease.AcquireAsync(onWait, cancellationToken).ConfigureAwait(false);
    }

    public Task RenewAsync(CancellationToken cancellationToken) => _lease.RenewAsync(cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => _lease.ReleaseAsync(cancellationToken);

    /// <exception cref="InvalidOperationException">The process has no culture data, which the client requires to read collations.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        RequireCultures();
        await CreateIfMissingAsync(cancellationToken).ConfigureAwait(false);
        await using var context = CreateContext();
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
        {
            // EF Core's application lock excludes other processes and is released with its connection.
            context.Database.SetCommandTimeout(MigrationTimeout);
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        await CreateReadableViewAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Convert.ToInt64(await ScalarAsync(SqlServerStatement.ReadUsedBytes, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        }
        catch (SqlException exception) when (!IsTransient(exception))
        {
            return Convert.ToInt64(await ScalarAsync(SqlServerStatement.ReadFileBytes, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Files do not shrink when rows are deleted, so the size of files is no substitute where an engine does not report the used space.</summary>
    public async ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ScalarAsync(SqlServerStatement.ReadDataBytes, cancellationToken).ConfigureAwait(false) is long bytes ? bytes : null;
        }
        catch (SqlException exception) when (!IsTransient(exception))
        {
            return null;
        }
    }

    public async ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await SqlServerExtents.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken)
    {
        var resolution = (RollupResolution)Math.Max((byte)1, step.Selector);
        long bucket = RollupBuckets.Of(resolution, step.Before);
        return step.Kind switch
        {
            PurgeKind.Operations => ExecuteAsync(SqlServerStatement.PurgeOperations, cancellationToken, step.Rows, OperationKeys.First(step.Before), step.Selector),
            PurgeKind.Samples => ExecuteAsync(SqlServerStatement.PurgeSamples, cancellationToken, step.Rows, step.Before.ToMicroseconds()),
            PurgeKind.Rollups => ExecuteAsync(
                SqlServerStatement.PurgeRollups, cancellationToken, step.Rows, RollupPageKeys.Of(resolution, bucket), step.Selector, RollupPageKeys.EndOfMinutes(resolution, bucket)),
            _ => ExecuteAsync(SqlServerStatement.PurgeResourceRollups, cancellationToken, step.Rows, bucket, step.Selector),
        };
    }

    public bool IsTransient(Exception exception) => SqlServerErrors.IsTransient(exception);

    public string Explain(Exception exception) => SqlServerFailure.Explain(_server, _database, exception);

    private static void RequireCultures()
    {
        const int EnglishUnitedStates = 1033;
        try
        {
            CultureInfo.GetCultureInfo(EnglishUnitedStates);
        }
        catch (CultureNotFoundException exception)
        {
            throw new InvalidOperationException(
                "SQL Server requires ICU, which is not available in this process. Install it (Debian: libicu) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.", exception);
        }
    }

    /// <summary>
    /// Creates the database if it does not exist. EF Core is not used because it also sends an ALTER DATABASE that some engines do not support, and fails if two
    /// processes create the database concurrently.
    /// </summary>
    private async Task CreateIfMissingAsync(CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (SqlException exception) when (exception.Number is 4060 or 911)
        {
            // The database is missing or not visible to this login; the attempt to create it shows which.
        }

        var builder = new SqlConnectionStringBuilder(ConnectionString);
        string name = builder.InitialCatalog;
        builder.InitialCatalog = FirstDatabase;
        await using (var master = new SqlConnection(builder.ToString()))
        {
            await master.OpenAsync(cancellationToken).ConfigureAwait(false);
            bool created = await TryAsync(master, SqlServerStatement.CreateDatabase, name, exception => exception.Number == AlreadyThere, cancellationToken).ConfigureAwait(false) is not null;
            if (created)
            {
                // Some engines always use snapshot reads or do not support the option.
                await TryAsync(master, SqlServerStatement.EnableSnapshotReads, name, _ => true, cancellationToken).ConfigureAwait(false);
            }
        }

        SqlConnection.ClearPool(connection);
        await WaitUntilOpenAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<object?> TryAsync(
        SqlConnection connection, SqlServerStatement statement, string name, Func<SqlException, bool> isHarmless, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = statement.CreateCommand(connection, null, name);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqlException exception) when (isHarmless(exception))
        {
            return null;
        }
    }

    private async Task WaitUntilOpenAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (SqlException exception) when (IsTransient(exception) && _time.GetElapsedTime(started) < CreationTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateReadableViewAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Convert.ToInt32(await ScalarAsync(SqlServerStatement.HasReadableView, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture) == 0)
            {
                await ExecuteAsync(SqlServerStatement.CreateReadableView, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SqlException exception) when (!IsTransient(exception) || exception.Number == 1205)
        {
            // The view is for interactive queries only; the portal does not read it, so a missing permission or unsupported function is not an error.
        }
    }

    private async Task<object?> ScalarAsync(SqlServerStatement statement, CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = statement.CreateCommand(connection, null);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<int> ExecuteAsync(SqlServerStatement statement, CancellationToken cancellationToken, params object[] values)
    {
        await using var connection = new SqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = statement.CreateCommand(connection, null, values);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
