using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Hosting;

/// <summary>Takes the database for this process, renews the ownership in the background, and releases it at a clean stop.</summary>
internal sealed class DatabaseOwnership(IPortalDatabase database, TimeProvider time, ILogger<DatabaseOwnership> logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task? _keeping;
    private bool _isOwned;

    /// <summary>Takes the database; does nothing if this process owns it.</summary>
    /// <param name="onLost">Called once with a sentence when another process has taken over.</param>
    /// <param name="onWait">Called with a sentence before a wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="DatabaseOwnedException">Another process owns the database.</exception>
    public async Task AcquireAsync(Action<string> onLost, Action<string> onWait, CancellationToken cancellationToken)
    {
        if (_isOwned)
        {
            return;
        }

        if (database.ConnectionWarning is { } warning)
        {
            logger.LogWarning("{Warning}", warning);
        }

        await database.AcquireAsync(
            reason =>
            {
                logger.LogInformation("{Reason}", reason);
                onWait(reason);
            },
            cancellationToken).ConfigureAwait(false);
        _isOwned = true;
        if (database.RenewEvery is { } every)
        {
            _keeping = KeepAsync(every, onLost, _stop.Token);
        }
    }

    /// <summary>Stops renewing and releases the database, if this process owns it.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!_isOwned)
        {
            return;
        }

        _isOwned = false;
        await _stop.CancelAsync().ConfigureAwait(false);
        await (_keeping ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await database.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Ownership of the database could not be released; the next portal takes it over when it expires.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>
    /// Renews until stopped. While the database is unavailable it continues: no other process can write either, and the next renewal or the next commit shows whether another one
    /// has taken over since.
    /// </summary>
    private async Task KeepAsync(TimeSpan every, Action<string> onLost, CancellationToken cancellationToken)
    {
        bool hasFailed = false;
        while (true)
        {
            await Task.Delay(every, time, cancellationToken).ConfigureAwait(false);
            try
            {
                await database.RenewAsync(cancellationToken).ConfigureAwait(false);
                hasFailed = false;
            }
            catch (DatabaseOwnedException exception)
            {
                onLost(exception.Message);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!hasFailed)
                {
                    logger.LogWarning(exception, "Ownership of the database could not be renewed; retrying.");
                }

                hasFailed = true;
            }
        }
    }
}
