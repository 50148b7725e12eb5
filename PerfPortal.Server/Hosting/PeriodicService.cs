using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Runs a task periodically in the background. It starts shortly after the portal is ready, logs exceptions and continues with
/// exponential backoff.
/// </summary>
internal abstract class PeriodicService(TimeSpan period, PortalReadiness readiness, TimeProvider time, ILogger logger) : BackgroundService
{
    // JIT compilation of the first run would delay the first requests after startup.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The error of the last run, or <see langword="null"/> when it succeeded.</summary>
    public string? LastError { get; private set; }

    /// <summary>The longest pause after failures, unless the period is longer.</summary>
    protected virtual TimeSpan MaxBackOff => TimeSpan.FromMinutes(1);

    /// <summary>Runs the task once.</summary>
    protected abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the next run; returns early when there is work.</summary>
    protected virtual async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(period < FirstPause ? period : FirstPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var wait = period;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken).ConfigureAwait(false);
                LastError = null;
                wait = period;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (LastError != exception.Message)
                {
                    logger.LogError(exception, "{Service} failed; retrying.", GetType().Name);
                }

                LastError = exception.Message;
                wait = wait * 2 < MaxBackOff ? wait * 2 : period > MaxBackOff ? period : MaxBackOff;
            }

            await WaitAsync(wait, stoppingToken).ConfigureAwait(false);
        }
    }
}
