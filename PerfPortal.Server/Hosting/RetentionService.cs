using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Purges expired data in small steps with pauses, to avoid blocking other work. Rows are deleted one hour after they can no longer be
/// reported, when none of their minutes is dirty any more; rollups are never deleted before their rows. Then compacts old rollups.
/// </summary>
internal sealed class RetentionService(
    IPortalDatabase database, RetentionHorizons horizons, RollupBuffer rollups, PerformanceTracker tracker, PortalReadiness readiness, TimeProvider time, ILogger<RetentionService> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), readiness, time, logger)
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);
    private static readonly TimeSpan PackedAfter = TimeSpan.FromHours(2);
    private static readonly TimeSpan GatheredAfter = TimeSpan.FromHours(25);

    private readonly TimeProvider _time = time;
    private readonly DataPurge _purge = new(database, rollups, time);

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => StepAsync(cancellationToken);

    /// <summary>Deletes everything that has expired and compacts old rollups.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        using var scope = tracker.Start(MetricType.SystemResource, "retention");
        try
        {
            long deleted = 0;
            foreach (var step in Steps())
            {
                // After an unclean stop the oldest minutes are rebuilt last, and from these rows.
                await rollups.WhenWrittenAsync(step.Before, cancellationToken).ConfigureAwait(false);
                long before = deleted;
                deleted += await _purge.RunAsync(step, rows => scope.Report(before + rows, unit: "rows"), cancellationToken).ConfigureAwait(false);
            }

            // Pages that are about to be rebuilt are packed afterwards.
            while (rollups.StaleMinutes == 0 && Pack(cancellationToken))
            {
                await Task.Delay(DataPurge.Pause, _time, cancellationToken).ConfigureAwait(false);
            }

            scope.Set("rows_deleted", deleted);
            scope.Set("database_bytes", await database.ReadSizeAsync(cancellationToken).ConfigureAwait(false));
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

    /// <summary>Minute rollups keep the exact sum of durations for a day; after that only the hour rollup keeps it.</summary>
    private bool Pack(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return database.PackRollups(now - PackedAfter, now - GatheredAfter, cancellationToken);
    }

    private IEnumerable<PurgeStep> Steps()
    {
        foreach (var type in MetricTypes.All)
        {
            yield return new(PurgeKind.Operations, (byte)type, horizons.Oldest(type) - Grace, DataPurge.RowsPerStep);
        }

        yield return new(PurgeKind.Samples, 0, horizons.OldestSample - Grace, DataPurge.RowsPerStep);
        yield return new(PurgeKind.Rollups, (byte)RollupResolution.Minute, horizons.OldestMinute - Grace, DataPurge.RowsPerStep);
        yield return new(PurgeKind.Rollups, (byte)RollupResolution.Hour, horizons.OldestHour - Grace, DataPurge.RowsPerStep);
        yield return new(PurgeKind.ResourceRollups, (byte)RollupResolution.Minute, horizons.OldestMinute - Grace, DataPurge.RowsPerStep);
        yield return new(PurgeKind.ResourceRollups, (byte)RollupResolution.Hour, horizons.OldestHour - Grace, DataPurge.RowsPerStep);
    }
}
