using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Something that is done again and again in the background. It begins soon after the portal is ready, survives every exception,
/// says so, and backs off while it fails.
/// </summary>
internal abstract class PeriodicService(TimeSpan period, PortalReadiness readiness, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromMinutes(1);

    // A portal that has just started has its first callers to answer; what is compiled for a duty's first round would keep them waiting.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>What failed last, or <see langword="null"/> when the last round went well.</summary>
    public string? LastError { get; private set; }

    /// <summary>One round.</summary>
    protected abstract Task DoAsync(CancellationToken cancellationToken);

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
                await DoAsync(stoppingToken).ConfigureAwait(false);
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
                    logger.LogError(exception, "{Duty} failed and is tried again.", GetType().Name);
                }

                LastError = exception.Message;
                wait = wait * 2 < MaxBackOff ? wait * 2 : period > MaxBackOff ? period : MaxBackOff;
            }

            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
