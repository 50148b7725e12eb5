using System.Data;
using System.Globalization;
using Microsoft.Data.SqlClient;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// Ownership of the database by one portal process: a row that the owner renews and that expires after a crash. It protects only against writers that check it, so every
/// transaction of the journal reads the owner under the writer lock (<see cref="SqlServerSession"/>), which is also held to take the lease.
/// </summary>
internal sealed class SqlServerLease(string connectionString, TimeProvider time)
{
    /// <summary>How long a lease lasts without renewal.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>How often a lease is renewed.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private const int CommandTimeoutSeconds = 5;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly DatabaseOwner _me = DatabaseOwner.Current(time);

    /// <summary>The id of this process in the lease.</summary>
    public Guid Owner => _me.Id;

    /// <summary>Takes the lease. While it is held, waits until the holder renews it, which shows that it runs, or until it expires.</summary>
    /// <exception cref="DatabaseOwnedException">The holder runs.</exception>
    public Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken) => AcquireAsync(TryAcquireAsync, onWait, time, cancellationToken);

    /// <summary>Like <see cref="AcquireAsync(Action{string}, CancellationToken)"/>, with the attempt as a parameter.</summary>
    /// <param name="tryAcquire">Takes the lease if it is free; otherwise returns its state.</param>
    /// <param name="onWait">Receives a sentence about the holder before the first pause.</param>
    /// <param name="time">The clock of the pauses. The expiry is judged by the database alone.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    internal static async Task AcquireAsync(
        Func<CancellationToken, Task<HeldLease?>> tryAcquire, Action<string> onWait, TimeProvider time, CancellationToken cancellationToken)
    {
        HeldLease? first = null;
        while (await tryAcquire(cancellationToken).ConfigureAwait(false) is { } held)
        {
            if (first is null)
            {
                first = held;
                onWait($"The database was last used by {held.Holder}; waiting up to {Length.TotalSeconds} s to see whether it still runs.");
            }

            if (held.Holder.Id != first.Holder.Id || held.ExpiresAt > first.ExpiresAt)
            {
                throw DatabaseOwnedException.InUse(held.Holder, held.ExpiresAt);
            }

            await Task.Delay(AskAgain, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Renews the lease.</summary>
    /// <exception cref="DatabaseOwnedException">Another process has taken it.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await ExecuteAsync(SqlServerStatement.RenewLease, connection, null, cancellationToken, Owner, Seconds).ConfigureAwait(false) == 0)
        {
            throw DatabaseOwnedException.TakenOver((await ReadAsync(connection, null, cancellationToken).ConfigureAwait(false))?.Held.Holder);
        }
    }

    /// <summary>Releases the lease, if this process holds it.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(SqlServerStatement.ReleaseLease, connection, null, cancellationToken, Owner).ConfigureAwait(false);
    }

    private static int Seconds => (int)Length.TotalSeconds;

    private async Task<HeldLease?> TryAcquireAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (var acquire = SqlServerStatement.AcquireWriterLock.CreateCommand(connection, transaction))
        {
            if (Convert.ToInt32(await acquire.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture) < 0)
            {
                throw new TimeoutException("Another process held the database write lock for too long.");
            }
        }

        var stored = await ReadAsync(connection, transaction, cancellationToken).ConfigureAwait(false);
        if (stored is { } lease && !lease.IsExpired && lease.Held.Holder.Id != Owner)
        {
            return lease.Held;
        }

        int written = stored switch
        {
            null => await ExecuteAsync(SqlServerStatement.InsertLease, connection, transaction, cancellationToken, Owner, _me.Host, _me.ProcessId, Seconds).ConfigureAwait(false),
            { IsExpired: true } => await ExecuteAsync(SqlServerStatement.TakeLease, connection, transaction, cancellationToken, Owner, _me.Host, _me.ProcessId, Seconds).ConfigureAwait(false),
            _ => await ExecuteAsync(SqlServerStatement.RenewLease, connection, transaction, cancellationToken, Owner, Seconds).ConfigureAwait(false),
        };
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return written == 1 ? null : stored!.Value.Held;
    }

    private static async Task<(HeldLease Held, bool IsExpired)?> ReadAsync(SqlConnection connection, SqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = SqlServerStatement.ReadLease.CreateCommand(connection, transaction);
        command.CommandTimeout = CommandTimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? (new(new(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), Utc(reader.GetDateTime(3))), Utc(reader.GetDateTime(4))), reader.GetInt32(5) != 0)
            : null;
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private async Task<SqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<int> ExecuteAsync(
        SqlServerStatement statement, SqlConnection connection, SqlTransaction? transaction, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = statement.CreateCommand(connection, transaction, values);
        command.CommandTimeout = CommandTimeoutSeconds;
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>A lease that another process holds.</summary>
/// <param name="Holder">The process.</param>
/// <param name="ExpiresAt">When the lease ends unless it is renewed, by the clock of the database.</param>
internal sealed record HeldLease(DatabaseOwner Holder, DateTimeOffset ExpiresAt);
