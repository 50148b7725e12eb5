using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Opens the database, recovers from a crash, restores running operations and runs the journal. It is the first service to
/// start and the last to stop, so that everything accepted is stored on shutdown. Retries when the database is unavailable at startup, and stops the portal when another
/// process owns the database.
/// </summary>
internal sealed class JournalService(
    IPortalDatabase database, NameDirectory directory, NameLimiter names, IJournalStore store, RollupBuffer rollups, OperationJournal journal, ActiveKeeper keeper,
    PerformanceTracker tracker, PortalReadiness readiness, DatabaseOwnership ownership, RetentionHorizons horizons, HorizonStore horizon, FatalStop fatal, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<JournalService> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SaveTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinFlushTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RebuildBeforeReady = TimeSpan.FromSeconds(1);

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
        lifetime.ApplicationStopping.Register(journal.BeginStop);
        await Task.WhenAny(readiness.WhenAttempted, Begin(), Task.Delay(StartTimeout, time, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (readiness.IsReady)
        {
            await SaveRunningAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_run?.IsCompleted != true)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
        }

        journal.Close();
        var run = _run ?? Task.CompletedTask;

        // The services that stopped earlier may have used up the host's timeout; the journal gets its own.
        await Task.WhenAny(run, Task.WhenAll(UntilCancelledAsync(cancellationToken), Task.Delay(MinFlushTime, time, CancellationToken.None))).ConfigureAwait(false);
        if (!run.IsCompleted)
        {
            logger.LogError("The journal could not be flushed in time: {Queued} unacknowledged entries were not stored.", journal.Status.Queued);
            await _abort.CancelAsync().ConfigureAwait(false);
        }

        await ownership.ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _abort.Dispose();

    private static Task UntilCancelledAsync(CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource();
        cancellationToken.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        return cancelled.Task;
    }

    private async Task SaveRunningAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SaveTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await keeper.StepAsync(either.Token).ConfigureAwait(false);
            await keeper.SettleAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            int left = keeper.HandOver();
            logger.LogWarning("The state of running operations could not be saved within {Seconds} s; {Left} of them wait for the last commit. {Reason}", SaveTimeout.TotalSeconds, left, exception.Message);
        }
    }

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
        catch (DatabaseOwnedException exception)
        {
            readiness.Close(exception.Message);
            fatal.Stop(exception.Message);
        }
        catch (Exception exception)
        {
            Die("The journal has stopped because of a defect: " + exception.Message, exception);
        }
    }

    /// <summary>Another process writes to the database now.</summary>
    private void OnLost(string reason) => Die(reason, null);

    /// <summary>First stops accepting reports, then exits. What is queued was not acknowledged and cannot be stored.</summary>
    private void Die(string reason, Exception? defect)
    {
        readiness.Close(reason);
        journal.Close();
        _abort.Cancel();
        logger.LogCritical(defect, "The journal has stopped; no further reports are stored. {Reason}", reason);
        fatal.Stop(reason);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        for (var backOff = TimeSpan.FromSeconds(1); ; backOff = backOff * 2 < MaxBackOff ? backOff * 2 : MaxBackOff)
        {
            try
            {
                using var scope = tracker.Start(Domain.Operations.MetricType.SystemResource, "open_database");
                await ownership.AcquireAsync(OnLost, readiness.Failed, cancellationToken).ConfigureAwait(false);
                await database.MigrateAsync(cancellationToken).ConfigureAwait(false);
                await database.LoadNamesAsync(directory, cancellationToken).ConfigureAwait(false);
                horizons.Raise(await horizon.ReadAsync(cancellationToken).ConfigureAwait(false));
                names.Load(directory.Names.All, directory.Sources.All);
                var dirty = await store.ReadDirtyMinutesAsync(cancellationToken).ConfigureAwait(false);
                if (dirty.Count > 0)
                {
                    logger.LogInformation("The portal was not shut down cleanly; rebuilding the statistics of {Minutes} minutes.", dirty.Count);
                    rollups.MarkStale(dirty);

                    // That usually completes the rebuild. The journal rebuilds the rest between its commits.
                    await rollups.RebuildAsync(store, RebuildBeforeReady, cancellationToken).ConfigureAwait(false);
                }

                await keeper.RestoreAsync(cancellationToken).ConfigureAwait(false);
                scope.Set("dirty_minutes", (long)dirty.Count);
                scope.Complete();
                return;
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or DatabaseOwnedException))
            {
                string reason = database.Explain(exception);
                if (readiness.Reason != reason)
                {
                    // If the error is not the portal's, the explanation replaces its stack trace.
                    logger.LogError(database.IsTransient(exception) ? null : exception, "The database cannot be opened; retrying. {Reason}", reason);
                }

                readiness.Failed(reason);
                await Task.Delay(backOff, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
