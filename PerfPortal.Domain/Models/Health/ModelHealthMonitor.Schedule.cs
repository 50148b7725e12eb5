using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health;

/// <content>The schedule.</content>
public sealed partial class ModelHealthMonitor
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Searches and checks on the schedule, one model at a time, the one longest due first, until cancelled. Failures are logged and retried with growing waits.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var scanAt = DateTimeOffset.MinValue;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_time.GetUtcNow() >= scanAt)
                {
                    scanAt = _time.GetUtcNow() + _options.ScanInterval;
                    Scan(cancellationToken);
                }

                if (!await CheckDueAsync(cancellationToken).ConfigureAwait(false))
                {
                    await Task.Delay(WaitUntil(scanAt), _time, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "The models cannot be searched or checked now.");
                await Task.Delay(LongestWait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Checks the model that is longest due.</summary>
    /// <returns><see langword="false"/> when none is due.</returns>
    private async Task<bool> CheckDueAsync(CancellationToken cancellationToken)
    {
        Task<ModelHealth> check;
        string name;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var due = _models.Values.Where(model => model.Running is null && model.DueAt <= now).MinBy(model => (model.DueAt, model.Location.Name));
            if (due is null)
            {
                return false;
            }

            name = due.Location.Name;
            check = Begin(due, full: false, isScheduled: true, cancellationToken);
        }

        try
        {
            await check.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.LogWarning(exception, "The health check of {Model} failed and will be tried again.", name);
        }

        return true;
    }

    private TimeSpan WaitUntil(DateTimeOffset scanAt)
    {
        lock (_gate)
        {
            var next = _models.Values.Where(model => model.Running is null).Select(model => model.DueAt).Append(scanAt).Min();
            var wait = next - _time.GetUtcNow();
            // Uses may move checks forward meanwhile.
            return wait < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : wait < LongestWait ? wait : LongestWait;
        }
    }
}
