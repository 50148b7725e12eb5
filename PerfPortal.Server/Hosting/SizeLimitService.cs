using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Keeps the database below <c>MaxDatabaseMb</c> (<see cref="SizePlan"/>). It first moves the horizon, which makes readers and refusals consistent with what is about to be deleted,
/// then waits until no report from before can still be on its way, and then deletes in small steps. Otherwise a resend of a deleted operation would count twice.
/// </summary>
internal sealed class SizeLimitService(
    IPortalDatabase database, HorizonStore store, RetentionHorizons horizons, RollupBuffer rollups, StorageLimit limit, PerformanceTracker tracker, PortalReadiness readiness,
    TimeProvider time, ILogger<SizeLimitService> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), readiness, time, logger)
{
    /// <summary>How long a report that was checked against the previous horizon can still be on its way; longer than it waits for its acknowledgement.</summary>
    internal static readonly TimeSpan Settle = OperationJournal.LongestWait + TimeSpan.FromSeconds(5);

    // Some databases free the pages of deleted rows later, in the background; deleting more in the meantime would delete too much. Where nothing more may be deleted, only what
    // grows older than an hour is left to delete.
    private static readonly TimeSpan AfterShortfall = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time = time;
    private readonly DataPurge _purge = new(database, rollups, time);

    // Whether everything before the horizon is deleted. The previous process may have ended in between.
    private bool _isFinished;
    private bool _wasAbove;
    private DateTimeOffset _waitUntil;
    private bool _isExhausted;

    /// <summary>Measures the database and reduces it if necessary.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        if (!_isFinished)
        {
            // A plan made before that would count what is about to be deleted, and cut as much again from newer data.
            await FinishAsync(cancellationToken).ConfigureAwait(false);
        }

        long? used = await database.ReadUsedBytesAsync(cancellationToken).ConfigureAwait(false);
        if (used is not { } bytes || bytes <= limit.LimitBytes)
        {
            _isExhausted = _wasAbove = false;
            limit.Update(used, false);
            return;
        }

        // A burst of reports takes up several times as much until it is packed, which happens within a minute.
        bool isLasting = _wasAbove;
        _wasAbove = true;
        limit.Update(bytes, _isExhausted);
        if (isLasting && _time.GetUtcNow() >= _waitUntil)
        {
            await ReduceAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => StepAsync(cancellationToken);

    private async Task ReduceAsync(long bytes, CancellationToken cancellationToken)
    {
        using var scope = tracker.Start(MetricType.SystemResource, "size_limit");
        try
        {
            var extents = await database.ReadExtentsAsync(cancellationToken).ConfigureAwait(false);
            var plan = SizePlan.Of(bytes, limit.LimitBytes, extents, horizons.ByRetention, horizons.Size, _time.GetUtcNow());
            if (plan.Horizon != horizons.Size)
            {
                await MoveAsync(plan.Horizon, bytes, cancellationToken).ConfigureAwait(false);
                scope.Set("rows_deleted", await FinishAsync(cancellationToken).ConfigureAwait(false));
            }

            long left = await database.ReadUsedBytesAsync(cancellationToken).ConfigureAwait(false) ?? bytes;
            Tell(left, plan.IsExhausted && left > limit.LimitBytes);
            _waitUntil = left > limit.LimitBytes ? _time.GetUtcNow() + AfterShortfall : default;
            scope.Set("used_bytes", left);
            scope.Complete();
        }
        catch (OperationCanceledException)
        {
            scope.Cancel();
            throw;
        }
        catch (Exception exception)
        {
            scope.Fail(exception);
            throw;
        }
    }

    /// <summary>Moves the horizon and waits until everything that was accepted before is stored.</summary>
    private async Task MoveAsync(DataHorizon horizon, long bytes, CancellationToken cancellationToken)
    {
        logger.Log(
            _isExhausted ? LogLevel.Information : LogLevel.Warning,
            "The database uses {Used}, more than its limit of {Limit} (MaxDatabaseMb). Deleting {What}.",
            Format.Bytes(bytes), Format.Bytes(limit.LimitBytes), StorageLimit.Describe(horizon.Rows, horizon.Minutes, horizon.Hours));
        await store.WriteAsync(horizon, cancellationToken).ConfigureAwait(false);
        _isFinished = false;
        horizons.Raise(horizon);
        limit.Update(bytes, _isExhausted);
        await Task.Delay(Settle, _time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes everything before the horizon once its rollups are written. If that fails, the next round goes on with it.</summary>
    private async Task<long> FinishAsync(CancellationToken cancellationToken)
    {
        var horizon = horizons.Size;
        await rollups.WhenWrittenAsync(horizon.Rows > horizon.Minutes ? horizon.Rows : horizon.Minutes, cancellationToken).ConfigureAwait(false);
        long deleted = await DeleteAsync(horizon, cancellationToken).ConfigureAwait(false);
        _isFinished = true;
        return deleted;
    }

    private async Task<long> DeleteAsync(DataHorizon horizon, CancellationToken cancellationToken)
    {
        long deleted = 0;
        foreach (var step in Steps(horizon).Where(step => step.Before > DateTimeOffset.MinValue))
        {
            deleted += await _purge.RunAsync(step, null, cancellationToken).ConfigureAwait(false);
        }

        if (deleted > 0)
        {
            await database.ReleaseSpaceAsync(cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    private void Tell(long bytes, bool isExhausted)
    {
        limit.Update(bytes, isExhausted);
        if (isExhausted && !_isExhausted)
        {
            logger.LogWarning(
                "The database uses {Used}, more than its limit of {Limit} (MaxDatabaseMb), and the remaining data is less than an hour old, or is needed for its statistics. Reports are still stored.",
                Format.Bytes(bytes), Format.Bytes(limit.LimitBytes));
        }
        else if (!isExhausted)
        {
            logger.LogInformation("The database uses {Used} of {Limit}.", Format.Bytes(bytes), Format.Bytes(limit.LimitBytes));
        }

        _isExhausted = isExhausted;
    }

    private static IEnumerable<PurgeStep> Steps(DataHorizon horizon)
    {
        yield return new(PurgeKind.Operations, PurgeStep.AllTypes, horizon.Rows, DataPurge.RowsPerStep);
        yield return new(PurgeKind.Samples, 0, horizon.Rows, DataPurge.RowsPerStep);
        foreach (var (resolution, before) in new[] { (RollupResolution.Minute, horizon.Minutes), (RollupResolution.Hour, horizon.Hours) })
        {
            yield return new(PurgeKind.Rollups, (byte)resolution, before, DataPurge.RowsPerStep);
            yield return new(PurgeKind.ResourceRollups, (byte)resolution, before, DataPurge.RowsPerStep);
        }
    }
}
