using PerfPortal.Domain.Alerts;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Evaluates the alert rules once for every minute, and deletes what is older than <see cref="Kept"/>.</summary>
internal sealed class AlertService(AlertEngine engine, IAlertStore store, PortalReadiness readiness, TimeProvider time, ILogger<AlertService> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), readiness, time, logger)
{
    /// <summary>How long resolved alerts, their history and finished messages are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private static readonly TimeSpan PurgePeriod = TimeSpan.FromHours(6);

    private readonly TimeProvider _time = time;
    private long? _purged;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await engine.EvaluateAsync(cancellationToken).ConfigureAwait(false);
        if (_purged is not { } purged || _time.GetElapsedTime(purged) >= PurgePeriod)
        {
            await store.PurgeAsync(_time.GetUtcNow() - Kept, cancellationToken).ConfigureAwait(false);
            _purged = _time.GetTimestamp();
        }
    }
}
