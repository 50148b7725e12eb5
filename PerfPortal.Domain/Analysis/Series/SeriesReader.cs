using System.Collections.Concurrent;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Series;

/// <summary>
/// Gives any subject as a series of equal steps from rollups. The series that were asked for lately are held, at most <see cref="MaxHeld"/> sets of them, so that a minute later only the
/// newest steps are read: a report that arrives more than <see cref="Settling"/> late appears within an hour. Thread-safe. Exceptions of the store propagate.
/// </summary>
public sealed class SeriesReader(StatisticsReader statistics, IResourceReader resources, RetentionHorizons horizons, TimeProvider time) : ISourceListener
{
    /// <summary>The maximum number of names of one answer; those with the most steps that have operations remain.</summary>
    public const int MaxNames = 1000;

    /// <summary>The maximum number of sets of series that are held.</summary>
    public const int MaxHeld = 64;

    /// <summary>The time after its end in which a step is read again.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(TimeSpan Step, SeriesFilter Filter), SteppedCache<(MetricType Type, string Name), OperationPoint>> _operations = new();
    private readonly ConcurrentDictionary<(TimeSpan Step, string Source), SteppedCache<ResourceMetric, double>> _resources = new();

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        _operations.Clear();
        _resources.Clear();
    }

    /// <summary>Returns the operations of every type and name, by type and name, at most <see cref="MaxNames"/>.</summary>
    /// <param name="range">The range of end times; the first step may begin before it. Where minute rollups are gone, steps below an hour begin later.</param>
    /// <param name="step">The length of a step: a minute, five minutes, an hour, or another size that <see cref="BucketGrid"/> calls round.</param>
    /// <param name="filter">The operations to include.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The step is not round, or the range is empty.</exception>
    public async Task<IReadOnlyList<OperationSeries>> ReadOperationsAsync(
        TimeRange range, TimeSpan step, SeriesFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (StepsOf(range, step) is not { } steps)
        {
            return [];
        }

        var read = await Held(_operations, (step, filter), () => new(OperationPoint.None, MaxNames, point => point.Finished > 0, time)).ReadAsync(
            steps, (from, end) => ReadAsync(from, end, range.To, step, filter, cancellationToken)).ConfigureAwait(false);
        return
        [
            .. read.OrderBy(pair => pair.Key.Type).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal)
                .Select(pair => new OperationSeries(pair.Key.Type, pair.Key.Name, StartOf(steps.First, step), step, pair.Value)),
        ];
    }

    /// <summary>Returns the metrics of a host that were measured in the range, by metric.</summary>
    /// <param name="source">The host.</param>
    /// <param name="range">The range; the first and last step may extend beyond it.</param>
    /// <param name="step">The length of a step: a multiple of a minute up to an hour, or of an hour.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The step is not round, or the range is empty.</exception>
    public async Task<IReadOnlyList<ResourceSeries>> ReadResourcesAsync(string source, TimeRange range, TimeSpan step, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (StepsOf(range, step) is not { } steps)
        {
            return [];
        }

        var read = await Held(_resources, (step, source), () => new(double.NaN, ResourceMetrics.All.Count, value => !double.IsNaN(value), time)).ReadAsync(
            steps, (from, end) => ReadAsync(source, from, end, step, cancellationToken)).ConfigureAwait(false);
        return
        [
            .. read.OrderBy(pair => pair.Key).Select(pair => new ResourceSeries(source, pair.Key, StartOf(steps.First, step), step, pair.Value)),
        ];
    }

    /// <summary>Returns the newest sample of each host that is still kept, by host.</summary>
    public async Task<IReadOnlyList<ResourceSample>> ReadHostsAsync(CancellationToken cancellationToken) =>
        [.. (await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false)).OrderBy(sample => sample.Source, StringComparer.Ordinal)];

    /// <summary>Returns the figures of a series over a range: the distribution of durations, outcomes and facts.</summary>
    public Task<StatisticsAnswer> ReadFiguresAsync(TimeRange range, SeriesFilter filter, StatisticsGrouping grouping, CancellationToken cancellationToken) =>
        statistics.ReadAsync(new(range, filter, grouping), cancellationToken);

    private static DateTimeOffset StartOf(long step, TimeSpan length) => new(step * length.Ticks, TimeSpan.Zero);

    private static TCache Held<TKey, TCache>(ConcurrentDictionary<TKey, TCache> held, TKey key, Func<TCache> create)
        where TKey : notnull
    {
        if (held.Count >= MaxHeld && !held.ContainsKey(key))
        {
            held.Clear();
        }

        return held.GetOrAdd(key, _ => create());
    }

    /// <summary>The steps of a range, or <see langword="null"/> when nothing of it is kept at this resolution.</summary>
    private StepRange? StepsOf(TimeRange range, TimeSpan step)
    {
        if (step < StatisticsReader.FinestStep || BucketGrid.Over(range, int.MaxValue, step).Step != step)
        {
            throw new ArgumentException($"Steps of {step} are not supported.", nameof(step));
        }

        long first = range.From.UtcTicks / step.Ticks;
        if (step.Ticks % TimeSpan.TicksPerHour != 0)
        {
            first = Math.Max(first, ((horizons.OldestMinute.UtcTicks - 1) / step.Ticks) + 1);
        }

        long end = ((range.To.UtcTicks - 1) / step.Ticks) + 1;
        return first >= end ? null : new(first, end, (range.To - Settling).UtcTicks / step.Ticks);
    }

    private async Task<Dictionary<(MetricType Type, string Name), OperationPoint[]>> ReadAsync(
        long from, long end, DateTimeOffset to, TimeSpan step, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var series = new Dictionary<(MetricType, string), OperationPoint[]>();
        var range = new TimeRange(StartOf(from, step), to);
        if (range.From >= range.To)
        {
            return series;
        }

        var grid = BucketGrid.Over(range, int.MaxValue, step);
        var answer = await statistics.ReadAsync(
            new(range, filter, StatisticsGrouping.MetricType | StatisticsGrouping.Name, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        foreach (var (group, figures) in answer.Groups)
        {
            // The grid is another one where retention moved on meanwhile; such a step is not asked for again.
            long at = (answer.Grid!.Start(group.Step).UtcTicks / step.Ticks) - from;
            if (figures.Finished == 0 || at < 0 || at >= end - from)
            {
                continue;
            }

            var key = (group.MetricType!.Value, group.Name!);
            if (!series.TryGetValue(key, out var points))
            {
                points = new OperationPoint[end - from];
                Array.Fill(points, OperationPoint.None);
                series.Add(key, points);
            }

            points[at] = new(
                (int)Math.Min(figures.Finished, int.MaxValue), (int)Math.Min(figures.Finished - figures.Succeeded, int.MaxValue),
                figures.Mean ?? double.NaN, figures.Quantile(0.5) ?? double.NaN, figures.Quantile(0.95) ?? double.NaN);
        }

        return series;
    }

    private async Task<Dictionary<ResourceMetric, double[]>> ReadAsync(string source, long from, long end, TimeSpan step, CancellationToken cancellationToken)
    {
        var resolution = step.Ticks % TimeSpan.TicksPerHour == 0 ? RollupResolution.Hour : RollupResolution.Minute;
        var sums = new Dictionary<ResourceMetric, ResourceFigure[]>();
        await resources.ReadResourceRollupsAsync(
            source, resolution, RollupBuckets.Of(resolution, StartOf(from, step)), RollupBuckets.Of(resolution, StartOf(end, step)),
            (bucket, rollup) =>
            {
                long at = (RollupBuckets.Start(resolution, bucket).UtcTicks / step.Ticks) - from;
                foreach (var info in ResourceMetrics.All)
                {
                    if (rollup[info.Metric] is { } figure)
                    {
                        if (!sums.TryGetValue(info.Metric, out var steps))
                        {
                            sums.Add(info.Metric, steps = new ResourceFigure[end - from]);
                        }

                        steps[at] = steps[at].Merge(figure);
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        return sums.ToDictionary(pair => pair.Key, pair => Array.ConvertAll(pair.Value, figure => figure.Seconds > 0 ? figure.Mean : double.NaN));
    }
}
