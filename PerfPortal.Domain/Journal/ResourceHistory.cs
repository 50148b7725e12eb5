using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>A metric over one step.</summary>
/// <param name="Min">The smallest value, in the metric's unit.</param>
/// <param name="Mean">The mean, weighted by time.</param>
/// <param name="Max">The largest value.</param>
public readonly record struct ResourcePoint(double Min, double Mean, double Max);

/// <summary>The history of a host's resources.</summary>
/// <param name="Range">The range covered by the steps; it starts and ends on step boundaries.</param>
/// <param name="StepSeconds">The length of a step in seconds.</param>
/// <param name="Times">The start of each step, UTC.</param>
/// <param name="Series">
/// One point per step for each metric that was measured at all; <see langword="null"/> for steps without measurements. Steps between two reports of a host that
/// reports less often than once per step have the value of the later one.
/// </param>
public sealed record ResourceSeriesAnswer(
    TimeRange Range,
    double StepSeconds,
    IReadOnlyList<DateTimeOffset> Times,
    IReadOnlyDictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> Series);

/// <summary>
/// Downsampled host resources: short ranges are read from samples, longer ones from minute rollups, the longest and oldest from hour rollups.
/// Means are weighted by measured time, so they do not depend on the sampling rate.
/// </summary>
public sealed class ResourceHistory(IResourceReader reader, RetentionHorizons horizons)
{
    /// <summary>The maximum number of steps in one result.</summary>
    public const int MaximumPoints = 5000;

    private static readonly TimeSpan LongestOfSamples = TimeSpan.FromHours(6);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The time around the range in which a host's reports also count, because a report represents the time before it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Returns the newest sample of each source, or of one source.</summary>
    /// <param name="source">The source; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(string? source = null, CancellationToken cancellationToken = default)
    {
        var samples = await reader.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
        return [.. samples.Where(sample => source is null || sample.Source == source).OrderBy(sample => sample.Source, StringComparer.Ordinal)];
    }

    /// <summary>Returns the newest sample of a host, or <see langword="null"/> when it never sent one.</summary>
    public async Task<ResourceSample?> ReadNewestAsync(string host, CancellationToken cancellationToken) =>
        await ReadLatestAsync(host, cancellationToken).ConfigureAwait(false) is [var newest, ..] ? newest : null;

    /// <summary>Reads a range in at most <paramref name="points"/> steps of a round length.</summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is not within 1–5000.</exception>
    public async Task<ResourceSeriesAnswer> ReadAsync(string source, TimeRange range, int points, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, MaximumPoints);
        var finest = range.From < horizons.OldestMinute ? Hour
            : range.From < horizons.OldestSample || range.Length > LongestOfSamples ? Minute
            : TimeSpan.Zero;
        var grid = BucketGrid.Over(range, points, finest);
        var covered = new TimeRange(grid.Start(0), grid.Start(grid.Count));
        var steps = new Steps(grid);
        if (grid.Step < Minute)
        {
            await reader.ReadSamplesAsync(source, Widen(covered), steps.Add, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var resolution = grid.Step.Ticks % Hour.Ticks == 0 ? RollupResolution.Hour : RollupResolution.Minute;
            long margin = resolution == RollupResolution.Minute ? (long)Margin.TotalMinutes : 0;
            await reader.ReadResourceRollupsAsync(
                source, resolution, RollupBuckets.Of(resolution, covered.From) - margin, RollupBuckets.Of(resolution, covered.To) + margin,
                (bucket, rollup) => steps.Add(RollupBuckets.Start(resolution, bucket), rollup),
                cancellationToken).ConfigureAwait(false);
        }

        return new(covered, grid.Step.TotalSeconds, [.. Enumerable.Range(0, grid.Count).Select(grid.Start)], steps.ToSeries());
    }

    private static TimeRange Widen(TimeRange range) =>
        new(range.From - Margin, range.To > DateTimeOffset.MaxValue - Margin ? DateTimeOffset.MaxValue : range.To + Margin);

    /// <summary>Figures per step and metric.</summary>
    private sealed class Steps(BucketGrid grid)
    {
        private readonly Dictionary<ResourceMetric, Measured> _measured = [];

        /// <summary>Adds a sample to all steps in the time that it represents, which starts at the previous sample.</summary>
        public void Add(ResourceSample sample, TimeSpan covered)
        {
            long at = StepOf(sample.SampledAt);
            var begin = sample.SampledAt - covered;
            int first = (int)Math.Clamp(StepOf(begin), 0, grid.Count);
            int last = (int)Math.Min(at, grid.Count - 1);
            foreach (var info in ResourceMetrics.All)
            {
                if (sample[info.Metric] is not { } value)
                {
                    continue;
                }

                var measured = Of(info.Metric);
                measured.Reports.Add(at, sample.SampledAt, new(value, value, value));
                for (int step = first; step <= last; step++)
                {
                    var from = grid.Start(step) > begin ? grid.Start(step) : begin;
                    var to = grid.Start(step + 1) < sample.SampledAt ? grid.Start(step + 1) : sample.SampledAt;
                    double seconds = Math.Max((to - from).TotalSeconds, 0.001);
                    measured.Merge(step, new(seconds, value * seconds, value, value));
                }
            }
        }

        /// <summary>Adds a rollup to the step in which it starts.</summary>
        public void Add(DateTimeOffset start, ResourceRollup rollup)
        {
            long step = StepOf(start);
            foreach (var info in ResourceMetrics.All)
            {
                if (rollup[info.Metric] is not { } figure)
                {
                    continue;
                }

                var measured = Of(info.Metric);
                measured.Reports.Add(step, start, PointOf(figure));
                if (step >= 0 && step < grid.Count)
                {
                    measured.Merge((int)step, figure);
                }
            }
        }

        public Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> ToSeries() => _measured
            .Select(pair => (pair.Key, Points: pair.Value.ToPoints()))
            .Where(series => series.Points.Any(point => point is not null))
            .ToDictionary(series => series.Key, IReadOnlyList<ResourcePoint?> (series) => series.Points);

        private Measured Of(ResourceMetric metric)
        {
            if (!_measured.TryGetValue(metric, out var measured))
            {
                _measured.Add(metric, measured = new(grid.Count));
            }

            return measured;
        }

        /// <summary>Returns the step of a time, below 0 before the first and at least the number of steps after the last one.</summary>
        private long StepOf(DateTimeOffset time)
        {
            long ticks = time.UtcTicks - grid.Start(0).UtcTicks;
            return ticks >= 0 ? ticks / grid.Step.Ticks : -((grid.Step.Ticks - 1 - ticks) / grid.Step.Ticks);
        }
    }

    private static ResourcePoint PointOf(ResourceFigure figure) => new(figure.Min, Math.Clamp(figure.Mean, figure.Min, figure.Max), figure.Max);

    /// <summary>What was measured of a metric.</summary>
    private sealed class Measured(int steps)
    {
        private readonly ResourceFigure[] _figures = new ResourceFigure[steps];

        public ReportingGaps Reports { get; } = new();

        public void Merge(int step, ResourceFigure figure) => _figures[step] = _figures[step].Merge(figure);

        public ResourcePoint?[] ToPoints()
        {
            ResourcePoint?[] points = [.. _figures.Select(figure => figure.Seconds > 0 ? PointOf(figure) : (ResourcePoint?)null)];
            Reports.Fill(points);
            return points;
        }
    }
}
