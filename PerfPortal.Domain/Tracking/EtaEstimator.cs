using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Tracking;

/// <summary>The estimated remaining run time of an operation.</summary>
/// <param name="P50">The median estimate, seconds.</param>
/// <param name="P90">The 90th percentile estimate, seconds.</param>
public readonly record struct Eta(double P50, double P90);

/// <summary>
/// Estimates the remaining run time of an operation: from its own rate when it reports progress towards a total, otherwise from
/// the durations of operations with the same name that ran at least as long.
/// </summary>
public sealed class EtaEstimator(StatisticsReader statistics, TimeProvider time) : ISourceListener
{
    /// <summary>The minimum number of durations for an estimate from history.</summary>
    public const int MinimumHistory = 5;

    private const double NinetyPercent = 1.2816;
    private const int MaxSeries = 2_000;
    private static readonly TimeSpan Window = TimeSpan.FromDays(7);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // Every history counts as one byte: the bound is a number of series, and the least recently used one is evicted.
    private readonly ByteBoundedLru<(MetricType, string, string?), History> _histories = new(MaxSeries);

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            _histories.RemoveWhere(_ => true);
        }
    }

    /// <summary>Estimates from the progress rate; returns <see langword="null"/> without a total or progress.</summary>
    public static Eta? FromRate(Progress? progress, RateEstimate? rate)
    {
        if (progress is not { Total: { } total } reported || rate is not { PerSecond: > 0 } speed)
        {
            return null;
        }

        double left = Math.Max(0, total - reported.Done);

        // The deviation can exceed the rate; a tenth of the rate limits the pessimistic estimate.
        double slow = Math.Max(speed.PerSecond - (NinetyPercent * speed.Deviation), speed.PerSecond / 10);
        return new(left / speed.PerSecond, left / slow);
    }

    /// <summary>Estimates from durations longer than the elapsed time; returns <see langword="null"/> when there are too few.</summary>
    public static Eta? FromHistory(DurationSketch durations, double elapsedSeconds)
    {
        if (durations.Count < MinimumHistory
            || durations.QuantileAbove(elapsedSeconds, 0.5) is not { } median
            || durations.QuantileAbove(elapsedSeconds, 0.9) is not { } late)
        {
            return null;
        }

        return new(Math.Max(0, median - elapsedSeconds), Math.Max(0, late - elapsedSeconds));
    }

    /// <summary>Returns the best available estimate; <see langword="null"/> without one, and for a stalled operation.</summary>
    public async ValueTask<Eta?> EstimateAsync(ActiveOperation active, CancellationToken cancellationToken)
    {
        var current = active.Current;
        var now = time.GetUtcNow();
        if (active.StalledAt(now) is not null)
        {
            return null;
        }

        if (FromRate(current.Progress, active.RateAt(now)) is { } byRate)
        {
            return byRate;
        }

        var key = (current.MetricType, current.Name, SourceOf(current));
        if (Find(key) is not { } history || now - history.ReadAt > Fresh)
        {
            var answer = await statistics.ReadAsync(
                new(new(now - Window, now), new SeriesFilter { MetricType = current.MetricType, Name = current.Name, Source = key.Item3 }, StatisticsGrouping.None),
                cancellationToken).ConfigureAwait(false);
            history = new(now, answer.Groups.TryGetValue(default, out var all) ? all.Durations : new());
            lock (_lock)
            {
                _histories.Put(key, history, 1);
            }
        }

        return FromHistory(history.Durations, current.RunningFor(now).TotalSeconds);
    }

    private History? Find((MetricType, string, string?) key)
    {
        lock (_lock)
        {
            return _histories.TryGet(key, out var history) ? history : null;
        }
    }

    private static string? SourceOf(Operation operation) => operation.Source == PortalSource.Name ? PortalSource.Name : null;

    private sealed record History(DateTimeOffset ReadAt, DurationSketch Durations);
}
