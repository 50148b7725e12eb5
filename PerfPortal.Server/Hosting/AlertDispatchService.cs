using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Composes and sends alert messages, and posts firing alerts to every Alertmanager once a minute.</summary>
internal sealed class AlertDispatchService(
    AlertDispatcher dispatcher, AlertmanagerRefresher refresher, PortalReadiness readiness, TimeProvider time, ILogger<AlertDispatchService> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), readiness, time, logger)
{
    private readonly TimeProvider _time = time;
    private Task _refreshing = Task.CompletedTask;
    private long? _refreshed;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await dispatcher.RunAsync(cancellationToken).ConfigureAwait(false);
        if (_refreshing.IsCompleted && (_refreshed is not { } last || _time.GetElapsedTime(last) >= AlertmanagerRefresher.Period))
        {
            // Not awaited: an Alertmanager that does not answer must not delay other receivers. A failure of the last time surfaces here.
            var before = _refreshing;
            _refreshed = _time.GetTimestamp();
            _refreshing = refresher.RunAsync(cancellationToken);
            await before.ConfigureAwait(false);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await dispatcher.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(3), _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
