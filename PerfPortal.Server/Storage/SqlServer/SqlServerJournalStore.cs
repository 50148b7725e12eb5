using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// The journal store on SQL Server. Each call is one transaction on a pooled connection and writes rows with bulk copies.
/// Only the journal's writer may call it, in the process that owns the database.
/// </summary>
internal sealed partial class SqlServerJournalStore(SqlServerDatabase database, NameDirectory directory, TimeProvider time) : IJournalStore
{
    private const int Tries = 5;
    private static readonly TimeSpan BeforeAsking = TimeSpan.FromMilliseconds(500);

    private readonly Guid _writer = Guid.NewGuid();
    private SqlServerSession.NameMark _mark = new();

    public ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
        InTransactionAsync<IReadOnlyList<EntryResult>>(
            async session =>
            {
                var plan = await new SqlServerOperationWriter(session).WriteAsync(entries).ConfigureAwait(false);
                await new SqlServerSampleWriter(session).WriteAsync(plan.Samples).ConfigureAwait(false);
                return plan.Results;
            },
            cancellationToken);

    public async ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken) =>
        await InTransactionAsync(
            async session =>
            {
                await new SqlServerRollupWriter(session).AddAsync(deltas).ConfigureAwait(false);
                await session.WithNumbersAsync(cleanMinutes, () => session.ExecuteAsync(SqlServerStatement.ClearDirty, session.Batch)).ConfigureAwait(false);
                return 0;
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) => InTransactionAsync<IReadOnlyList<long>>(
        async session => await session.QueryAsync(SqlServerStatement.ReadDirty, reader => reader.GetInt64(0)).ConfigureAwait(false), cancellationToken);

    public async ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken) => await InTransactionAsync(
        async session =>
        {
            await new SqlServerRollupWriter(session).RebuildAsync(minutes).ConfigureAwait(false);
            await session.WithNumbersAsync(minutes, () => session.ExecuteAsync(SqlServerStatement.ClearDirty, session.Batch)).ConfigureAwait(false);
            return 0;
        },
        cancellationToken).ConfigureAwait(false);

    public bool IsTransient(Exception exception) => exception is UncertainCommitException || database.IsTransient(exception);

    public StoreFailureKind Classify(Exception exception) => SqlServerErrors.IsFull(exception) ? StoreFailureKind.DiskFull : StoreFailureKind.Unavailable;

    public string Explain(Exception exception) => database.Explain(exception);

    private async ValueTask<T> InTransactionAsync<T>(Func<SqlServerSession, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var session = await SqlServerSession.BeginAsync(database, directory, _mark, cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    return await RunAsync(session, work, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (attempt < Tries && (exception is DuplicateKeyException || (exception is SqlException failure && SqlServerErrors.IsDuplicateKey(failure))))
            {
                // Something else wrote to the tables: reload the names and retry.
                _mark = new();
            }
            catch (SqlException exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
        }
    }

    private async Task<T> RunAsync<T>(SqlServerSession session, Func<SqlServerSession, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            var result = await work(session).ConfigureAwait(false);
            await CommitAsync(session, cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (InvalidOperationException exception) when (session.IsBroken)
        {
            throw new IOException("The connection to SQL Server was lost.", exception);
        }
    }

    /// <summary>
    /// Commits. If the connection is lost during the commit, waits until the outcome can be read from the database: repeating the
    /// work would count rollups twice, and skipping it would lose them.
    /// </summary>
    private async Task CommitAsync(SqlServerSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.CommitAsync(_writer, time.GetUtcNow()).ConfigureAwait(false);
        }
        catch (UncertainCommitException exception)
        {
            // Releases the lock if the transaction still holds it; otherwise the query below would block.
            await session.CloseAsync().ConfigureAwait(false);
            if (!await AskAsync(() => WasCommittedAsync(session.Batch, cancellationToken)).ConfigureAwait(false))
            {
                throw new IOException("The connection was lost before the transaction was committed.", exception);
            }

            session.Hold();
        }
    }

    /// <summary>Asks for the outcome of a commit. It stays unknown when there is no answer, for whatever reason.</summary>
    /// <exception cref="UncertainCommitException">There is no answer, because of a cancellation or a failure.</exception>
    internal static async Task<bool> AskAsync(Func<Task<bool>> wasCommitted)
    {
        try
        {
            return await wasCommitted().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new UncertainCommitException(exception);
        }
    }

    private async Task<bool> WasCommittedAsync(Guid batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var session = await SqlServerSession.BeginAsync(database, directory, _mark, cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    return await session.WasCommittedAsync(_writer, batch).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (IsTransient(exception))
            {
                await Task.Delay(BeforeAsking, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
