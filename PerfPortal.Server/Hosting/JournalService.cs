using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Opens the database, recovers from a crash, restores running operations and runs the journal. It is the first service to
/// start and the last to stop, so that everything accepted is stored on shutdown. Retries when the database is unavailable at startup.
/// </summary>
internal sealed class JournalService(
    IPortalDatabase database, NameDirectory directory, NameLimiter names, IJournalStore store, RollupBuffer rollups, OperationJournal journal, ActiveKeeper keeper,
    PerformanceTracker tracker, PortalReadiness readiness, TimeProvider time, ILogger<JournalService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RebuildBeforeReady = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _lock = new();
    private Task? _run;

    /// <summary>Starts opening the database, once. Opening takes about as long as setting up the web server and does not depend on it, so both run in parallel.</summary>
    public Task Begin()
    {
        lock (_lock)
        {
            return _run ??= Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(readiness.WhenAttempted, Begin(), Task.Delay(StartTimeout, time, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (readiness.IsReady)
        {
            try
            {
                await keeper.StepAsync(cancellationToken).ConfigureAwait(false);
                await keeper.SettleAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "Saving the state of running operations failed.");
            }
        }
        else
        {
            await _abort.CancelAsync().ConfigureAwait(false);
        }

        journal.Close();
        try
        {
            await (_run ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
            logger.LogError("The journal could not be flushed in time: {Queued} unacknowledged entries were not stored.", journal.Status.Queued);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _abort.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await OpenAsync(_abort.Token).ConfigureAwait(false);

            // On a thread of its own: SQLite does not yield, and the journal may have minutes to rebuild.
            var writing = Task.Run(() => journal.RunAsync(_abort.Token), CancellationToken.None);
            readiness.Set();
            await writing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            readiness.Failed(exception.Message);
            logger.LogCritical(exception, "The journal has stopped; no further reports are stored.");
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        for (var backOff = TimeSpan.FromSeconds(1); ; backOff = backOff * 2 < MaxBackOff ? backOff * 2 : MaxBackOff)
        {
            try
            {
                using var scope = tracker.Start(Domain.Operations.MetricType.SystemResource, "open_database");
                await database.MigrateAsync(cancellationToken).ConfigureAwait(false);
                await database.LoadNamesAsync(directory, cancellationToken).ConfigureAwait(false);
                names.Load(directory.Names.All, directory.Sources.All);
                var dirty = await store.ReadDirtyMinutesAsync(cancellationToken).ConfigureAwait(false);
                if (dirty.Count > 0)
                {
                    logger.LogInformation("The portal was not shut down cleanly; rebuilding the statistics of {Minutes} minutes.", dirty.Count);
                    rollups.MarkStale(dirty);

                    // Usually that is all. The journal rebuilds the rest between its commits.
                    await rollups.RebuildAsync(store, RebuildBeforeReady, cancellationToken).ConfigureAwait(false);
                }

                await keeper.RestoreAsync(cancellationToken).ConfigureAwait(false);
                scope.Set("dirty_minutes", (long)dirty.Count);
                scope.Complete();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                string reason = database.Explain(exception);
                if (readiness.Reason != reason)
                {
                    // The explanation replaces the stack trace of an error that is not the portal's.
                    logger.LogError(database.IsTransient(exception) ? null : exception, "The database cannot be opened; retrying. {Reason}", reason);
                }

                readiness.Failed(reason);
                await Task.Delay(backOff, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
