using PerfPortal.Domain.Alerts;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Composes and sends alert messages, and posts firing alerts to every Alertmanager once a minute.</summary>
internal sealed class AlertDispatchService(
    AlertDispatcher dispatcher, AlertmanagerRefresher refresher, AlertEngine engine, PortalReadiness readiness, TimeProvider time, ILogger<AlertDispatchService> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), readiness, time, logger)
{
    private readonly TimeProvider _time = time;
    private readonly SemaphoreSlim _filled = new(0, 1);
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

    /// <summary>A change that was just stored need not wait for the next round.</summary>
    protected override async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(base.WaitAsync(wait, done.Token), _filled.WaitAsync(done.Token)).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        engine.OutboxFilled += Wake;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        engine.OutboxFilled -= Wake;
        base.Dispose();
        _filled.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await dispatcher.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(3), _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Wake()
    {
        try
        {
            _filled.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}
