using System.Data;
using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// One transaction of the journal's writer. It holds the writer lock, and begins only while this process owns the database, so that no other process changes data between
/// its reads and writes. Assigns ids to new names. Disposal without <see cref="CommitAsync"/> rolls back.
/// </summary>
internal sealed class SqlServerSession : IAsyncDisposable
{
    private const int BulkTimeoutSeconds = 60;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MarksKept = TimeSpan.FromDays(7);

    private readonly SqlConnection _connection;
    private readonly NameDirectory _directory;
    private readonly CancellationToken _cancellationToken;
    private readonly List<(NameDirectory.Dictionary Dictionary, int Id, string Name)> _newNames = [];
    private SqlTransaction? _transaction;
    private bool _isSpoiled;

    private SqlServerSession(SqlConnection connection, NameDirectory directory, CancellationToken cancellationToken)
    {
        _connection = connection;
        _directory = directory;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Identifies the staged rows of this batch.</summary>
    public Guid Batch { get; } = Guid.NewGuid();

    /// <summary>The ids of names and sources.</summary>
    public NameDirectory Directory => _directory;

    /// <summary>Opens a connection, begins a transaction and acquires the writer lock.</summary>
    /// <param name="database">The database.</param>
    /// <param name="directory">Receives the stored names when they are read.</param>
    /// <param name="mark">Whether the names are read; updated by the call.</param>
    /// <param name="cancellationToken">Cancels the wait and all operations of the session.</param>
    /// <exception cref="TimeoutException">The lock or a pooled connection was not available in time.</exception>
    /// <exception cref="JournalUnavailableException">This process does not own the database (any more).</exception>
    public static async Task<SqlServerSession> BeginAsync(SqlServerDatabase database, NameDirectory directory, NameMark mark, CancellationToken cancellationToken)
    {
        var session = new SqlServerSession(new SqlConnection(database.ConnectionString), directory, cancellationToken);
        try
        {
            await OpenAsync(session._connection, cancellationToken).ConfigureAwait(false);
            session._transaction = (SqlTransaction)await session._connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await session.LockAsync(database.Owner).ConfigureAwait(false);
            if (!mark.IsRead)
            {
                await session.LearnAsync(SqlServerStatement.ReadNames, directory.Names).ConfigureAwait(false);
                await session.LearnAsync(SqlServerStatement.ReadSources, directory.Sources).ConfigureAwait(false);
                mark.IsRead = true;
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stores the names and sources that are not stored yet: one bulk copy each, however many they are.</summary>
    public async Task StoreNamesAsync(IEnumerable<string> names, IEnumerable<string> sources)
    {
        await StoreAsync(_directory.Names, StagedRows.Names(), names).ConfigureAwait(false);
        await StoreAsync(_directory.Sources, StagedRows.Sources(), sources).ConfigureAwait(false);
    }

    /// <summary>Returns the id of a stored name.</summary>
    public int NumberOfName(string name) => _directory.Names.Find(name)!.Value;

    /// <summary>Returns the id of a stored source.</summary>
    public int NumberOfSource(string source) => _directory.Sources.Find(source)!.Value;

    /// <summary>Executes a statement and returns the number of affected rows.</summary>
    public async Task<int> ExecuteAsync(SqlServerStatement statement, params object[] values)
    {
        await using var command = statement.CreateCommand(_connection, _transaction, values);
        return await command.ExecuteNonQueryAsync(_cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a query and buffers all rows before the next statement is sent.</summary>
    /// <param name="statement">The query.</param>
    /// <param name="read">Reads the columns of a row and does nothing else: what it throws counts as a lost connection.</param>
    /// <param name="values">The values of the parameters.</param>
    /// <exception cref="IOException">The connection was lost while the rows were read.</exception>
    public async Task<List<T>> QueryAsync<T>(SqlServerStatement statement, Func<SqlDataReader, T> read, params object[] values)
    {
        try
        {
            var rows = new List<T>();
            await using var command = statement.CreateCommand(_connection, _transaction, values);
            await using var reader = await command.ExecuteReaderAsync(_cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(_cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception exception) when (SqlServerErrors.IsLostWhileReading(exception))
        {
            _isSpoiled = true;
            throw new IOException("The connection to SQL Server was lost while rows were read.", exception);
        }
    }

    /// <summary>Bulk-copies rows. A failed copy leaves its connection unusable, so the session discards it.</summary>
    public async Task CopyAsync(StagedRows rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        using var copy = new SqlBulkCopy(_connection, SqlBulkCopyOptions.Default, _transaction)
        {
            DestinationTableName = rows.Table.TableName,
            BulkCopyTimeout = BulkTimeoutSeconds,
        };
        foreach (DataColumn column in rows.Table.Columns)
        {
            copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        }

        try
        {
            await copy.WriteToServerAsync(rows.Table, _cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _isSpoiled = true;
            throw;
        }
    }

    /// <summary>Stages numbers for one statement. Does nothing if there are none.</summary>
    public async Task WithNumbersAsync(IEnumerable<long> numbers, Func<Task> use)
    {
        var rows = StagedRows.Numbers(Batch);
        foreach (long number in numbers.Distinct())
        {
            rows.Add(number);
        }

        if (rows.Count > 0)
        {
            await CopyAsync(rows).ConfigureAwait(false);
            await use().ConfigureAwait(false);
            await ExecuteAsync(SqlServerStatement.ClearStagedNumbers, Batch).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the connection was lost.</summary>
    public bool IsBroken => _connection.State != ConnectionState.Open;

    /// <summary>Commits and records a mark for this batch.</summary>
    /// <param name="writer">The id of the writer that the mark belongs to.</param>
    /// <param name="now">The current time, used to purge old marks.</param>
    /// <exception cref="UncertainCommitException">The connection was lost during the commit; only the mark shows whether it succeeded.</exception>
    public async Task CommitAsync(Guid writer, DateTimeOffset now)
    {
        if (await ExecuteAsync(SqlServerStatement.Mark, Batch, now.ToMicroseconds(), writer).ConfigureAwait(false) == 0)
        {
            await ExecuteAsync(SqlServerStatement.InsertMark, Batch, now.ToMicroseconds(), writer).ConfigureAwait(false);
            await ExecuteAsync(SqlServerStatement.DeleteOldMarks, (now - MarksKept).ToMicroseconds()).ConfigureAwait(false);
        }

        try
        {
            // Not cancellable: cancellation would also leave the outcome unknown.
            await _transaction!.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SqlException or InvalidOperationException)
        {
            throw new UncertainCommitException(exception);
        }

        Hold();
    }

    /// <summary>Keeps the new names after the transaction was committed.</summary>
    public void Hold() => _newNames.Clear();

    /// <summary>Whether a batch is the last committed batch of a writer. The lock ensures that no transaction of that writer is still in progress.</summary>
    public async Task<bool> WasCommittedAsync(Guid writer, Guid batch) =>
        (await QueryAsync(SqlServerStatement.ReadMark, reader => reader.GetGuid(0), writer).ConfigureAwait(false)).Contains(batch);

    /// <summary>Rolls back the transaction if it is still open, and closes the connection, for good if it is spoiled.</summary>
    public async Task CloseAsync()
    {
        if (_isSpoiled)
        {
            // Otherwise the pool gives this connection to the next batch, which then fails because of it.
            SqlConnection.ClearPool(_connection);
        }

        try
        {
            if (_transaction is not null)
            {
                await _transaction.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SqlException or InvalidOperationException)
        {
            // The connection is lost, and its transaction with it.
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // Releases the ids of a transaction that was not committed.
        foreach (var (dictionary, id, name) in _newNames)
        {
            dictionary.Remove(id, name);
        }

        _newNames.Clear();
        await CloseAsync().ConfigureAwait(false);
    }

    private static async Task OpenAsync(SqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception)
        {
            // The client throws this exception when the connection pool is exhausted.
            throw new TimeoutException(exception.Message, exception);
        }
    }

    private async Task LockAsync(Guid owner)
    {
        var (result, found) = (await QueryAsync(
            SqlServerStatement.AcquireWriterLockAsOwner, reader => (reader.GetInt32(0), reader.IsDBNull(1) ? (Guid?)null : reader.GetGuid(1))).ConfigureAwait(false))[0];
        if (result < 0)
        {
            throw new TimeoutException("Another process held the database write lock for too long.");
        }

        if (found != owner)
        {
            throw new JournalUnavailableException("Another portal has taken over the database.", RetryAfter);
        }
    }

    private async Task LearnAsync(SqlServerStatement statement, NameDirectory.Dictionary dictionary)
    {
        foreach (var (id, name) in await QueryAsync(statement, reader => (Id: reader.GetInt32(0), Name: reader.GetString(1))).ConfigureAwait(false))
        {
            dictionary.Add(id, name);
        }
    }

    private async Task StoreAsync(NameDirectory.Dictionary dictionary, StagedRows rows, IEnumerable<string> names)
    {
        foreach (string name in names.Where(name => dictionary.Find(name) is null).Distinct(StringComparer.Ordinal).ToList())
        {
            int id = dictionary.Next();
            dictionary.Add(id, name);
            _newNames.Add((dictionary, id, name));
            rows.Add(id, name, name.Length);
        }

        await CopyAsync(rows).ConfigureAwait(false);
    }

    /// <summary>Whether the names of the database are read; a new instance reads them again.</summary>
    internal sealed class NameMark
    {
        public bool IsRead { get; set; }
    }
}
