using System.Text.Json;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Keeps how good estimates of the remaining time were across restarts: reads it at the start, stores it every ten minutes when something ended, and at the stop.</summary>
internal sealed class EtaStateService(EtaEstimator estimator, EfSettingStore store, PortalReadiness readiness, TimeProvider time, ILogger<EtaStateService> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), readiness, time, logger)
{
    private const string Key = "eta_state";
    private const string Keeper = "portal";

    private readonly ILogger _logger = logger;
    private bool _isRead;
    private long _stored;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!_isRead)
        {
            return;
        }

        try
        {
            await StoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.LogWarning("What was learnt about estimates since the last ten minutes is not stored. {Reason}", exception.GetBaseException().Message);
        }
    }

    /// <inheritdoc/>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!_isRead)
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
            _isRead = true;
        }

        await StoreAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Key, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return;
        }

        try
        {
            if (JsonSerializer.Deserialize<EtaState>(stored.Value) is { Errors: not null, Outcomes: not null } state)
            {
                estimator.Calibration.Restore(state);
            }
        }
        catch (JsonException)
        {
            _logger.LogWarning("The stored quality of estimates cannot be read; it begins anew.");
        }
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        long version = estimator.Calibration.Version;
        if (version != _stored)
        {
            await store.ReplaceAsync(Key, JsonSerializer.Serialize(estimator.Calibration.State()), Keeper, cancellationToken).ConfigureAwait(false);
            _stored = version;
        }
    }
}
