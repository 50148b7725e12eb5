using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Every second, stores the progress of running operations, abandons those without a recent heartbeat, and notes how good the estimates of the others are.</summary>
internal sealed class ActiveOperationsService : PeriodicService
{
    private readonly ActiveKeeper _keeper;
    private readonly EtaTracking _estimates;
    private readonly ILogger<ActiveOperationsService> _logger;
    private readonly ITimer _timer;

    public ActiveOperationsService(ActiveKeeper keeper, EtaTracking estimates, PortalReadiness readiness, TimeProvider time, ILogger<ActiveOperationsService> logger)
        : base(TimeSpan.FromSeconds(1), readiness, time, logger)
    {
        (_keeper, _estimates, _logger) = (keeper, estimates, logger);

        // Storing can take long while the database is unavailable; that does not count as time in which the portal did not run.
        _timer = time.CreateTimer(_ => Observe(), null, SuspensionWatch.Period, SuspensionWatch.Period);
    }

    /// <summary>Progress is promised to be durable within five seconds.</summary>
    protected override TimeSpan MaxBackOff => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        Observe();
        await _keeper.StepAsync(cancellationToken).ConfigureAwait(false);
        await _estimates.ObserveAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Observe()
    {
        var missed = _keeper.Observe();
        if (missed > TimeSpan.Zero)
        {
            _logger.LogInformation("The portal did not run for {Seconds:F0} s, or the clock was set forward. This does not count as silence of running operations.", missed.TotalSeconds);
        }
        else if (missed < TimeSpan.Zero)
        {
            _logger.LogInformation("The clock was set back by {Seconds:F0} s.", -missed.TotalSeconds);
        }
    }
}
