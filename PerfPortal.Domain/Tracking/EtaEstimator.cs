using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking.Remaining;

namespace PerfPortal.Domain.Tracking;

/// <summary>The estimated remaining run time of an operation.</summary>
/// <param name="P50">The median estimate, seconds.</param>
/// <param name="P90">The 90th percentile estimate, seconds.</param>
public readonly record struct Eta(double P50, double P90);

/// <summary>
/// Estimates the remaining run time of an operation: the remaining work over the own rate, combined by inverse variance with the history of its name. P90 is corrected by how
/// often it held (see <see cref="EtaCalibration"/>).
/// </summary>
public sealed class EtaEstimator(StatisticsReader statistics, TimeProvider time) : ISourceListener
{
    private const int MaxSeries = 2_000;
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // Every history counts as one byte: the bound is a number of series, and the least recently used one is evicted.
    private readonly ByteBoundedLru<(MetricType, string, string?), History> _histories = new(MaxSeries);
    private readonly UsualPaces _paces = new();

    /// <summary>How often the P90 of estimates held.</summary>
    public EtaCalibration Calibration { get; } = new();

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            _histories.RemoveWhere(_ => true);
        }
    }

    /// <summary>Returns the best available estimate; <see langword="null"/> without one, and for a stalled operation.</summary>
    public async ValueTask<Eta?> EstimateAsync(ActiveOperation active, CancellationToken cancellationToken) =>
        await EstimateBareAsync(active, time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is { } estimate
            ? Calibration.Correct(active.Current.MetricType, estimate)
            : null;

    /// <summary>The estimate before its P90 is corrected.</summary>
    internal async ValueTask<EtaEstimate?> EstimateBareAsync(ActiveOperation active, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (active.StalledAt(now) is not null)
        {
            return null;
        }

        var current = active.Current;
        var durations = await ReadDurationsAsync(current, now, cancellationToken).ConfigureAwait(false);
        return EtaEstimate.Of(current.Progress, active.Pace, current.RunningFor(now).TotalSeconds, now, UsualOf(current), durations);
    }

    /// <summary>What ended operations of the name achieved; <see langword="null"/> when that is unknown.</summary>
    internal UsualPace? UsualOf(Operation operation) => _paces.Find(operation.MetricType, operation.Name, SourceOf(operation));

    /// <summary>Adds the last pace of an operation that succeeded.</summary>
    internal void Learn(Operation ended, in ProgressPace pace) => _paces.Add(ended.MetricType, ended.Name, SourceOf(ended), pace);

    private async ValueTask<DurationSketch> ReadDurationsAsync(Operation operation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = (operation.MetricType, operation.Name, SourceOf(operation));
        if (Find(key) is { } known && now - known.ReadAt <= Fresh)
        {
            return known.Durations;
        }

        var answer = await statistics.ReadAsync(
            new(new(now - Window, now), new SeriesFilter { MetricType = operation.MetricType, Name = operation.Name, Source = key.Item3 }, StatisticsGrouping.None),
            cancellationToken).ConfigureAwait(false);
        var history = new History(now, answer.Groups.TryGetValue(default, out var all) ? all.Durations : new());
        lock (_lock)
        {
            _histories.Put(key, history, 1);
        }

        return history.Durations;
    }

    private History? Find((MetricType, string, string?) key)
    {
        lock (_lock)
        {
            return _histories.TryGet(key, out var history) ? history : null;
        }
    }

    // The portal's own operations are not mixed with those of others.
    private static string? SourceOf(Operation operation) => operation.Source == PortalSource.Name ? PortalSource.Name : null;

    private sealed record History(DateTimeOffset ReadAt, DurationSketch Durations);
}
