using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Operations;

/// <summary>The figures of everything that a filter lets pass, with their course over a grid.</summary>
/// <param name="Statistics">The figures, or <see langword="null"/> when they were not computed.</param>
/// <param name="Steps">The figures of each step of the grid, grouped by step alone; <see langword="null"/> without a grid or when they were not computed.</param>
/// <param name="Reason">Why they were not computed, one sentence; else <see langword="null"/>.</param>
/// <param name="Range">The range that the figures are over.</param>
internal sealed record OperationSeries(OutcomeStatistics? Statistics, StatisticsAnswer? Steps, string? Reason, AnsweredRange Range);

/// <summary>
/// The statistics of a whole filtered set of ended operations: from rollups when the filter is over series only, else from the rows
/// that pass it, of which at most <see cref="MaxRows"/> are read.
/// </summary>
internal sealed class OperationStatistics(StatisticsReader statistics, IOperationReader reader, RetentionHorizons horizons)
{
    /// <summary>The most rows that are read for one answer.</summary>
    public const int MaxRows = 500_000;

    /// <summary>Reads the figures of a filtered set.</summary>
    /// <returns>The statistics, or the reason why there are none, and the range that they are over.</returns>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public async Task<(OutcomeStatistics? Statistics, string? Reason, AnsweredRange Range)> ReadAsync(
        TimeRange range, OperationFilter filter, CancellationToken cancellationToken)
    {
        var series = await ReadSeriesAsync(range, filter, null, cancellationToken).ConfigureAwait(false);
        return (series.Statistics, series.Reason, series.Range);
    }

    /// <summary>A grid over a range, of at most so many steps, as fine as what is kept of the range allows.</summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public BucketGrid GridOver(TimeRange range, int steps) =>
        BucketGrid.Over(range, steps, range.From < horizons.OldestMinute ? TimeSpan.FromHours(1) : StatisticsReader.FinestStep);

    /// <summary>As <see cref="ReadAsync"/>, with the course over a grid.</summary>
    /// <exception cref="ArgumentException">The range is empty, or the grid's step is not whole minutes.</exception>
    public Task<OperationSeries> ReadSeriesAsync(TimeRange range, OperationFilter filter, BucketGrid? grid, CancellationToken cancellationToken)
    {
        if (range.To <= range.From)
        {
            throw new ArgumentException("Statistics need a range that is not empty.", nameof(range));
        }

        return filter.IsOverSeriesOnly
            ? FromRollupsAsync(range, filter.Series, grid, cancellationToken)

            // The embedded database answers on the calling thread; a circuit must not wait for half a million rows.
            : Task.Run(() => FromRowsAsync(range, filter, grid, cancellationToken), cancellationToken);
    }

    private async Task<OperationSeries> FromRollupsAsync(TimeRange range, SeriesFilter filter, BucketGrid? grid, CancellationToken cancellationToken)
    {
        var whole = await statistics.ReadAsync(new(range, filter, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var steps = grid is null
            ? null
            : await statistics.ReadAsync(new(range, filter, StatisticsGrouping.None, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        return new(whole.Total, steps, null, whole.Range);
    }

    private async Task<OperationSeries> FromRowsAsync(TimeRange range, OperationFilter filter, BucketGrid? grid, CancellationToken cancellationToken)
    {
        var oldest = filter.Series.MetricType is { } type ? horizons.OldestComplete(type) : horizons.OldestRow;
        var answered = new AnsweredRange(range.From > oldest ? range.From : oldest, range.To, "exact");
        if (answered.To <= answered.From)
        {
            return new(null, null, "This filter needs the operations themselves, and those of this range are no longer kept, or only a share of them.", answered with { From = range.From });
        }

        var steps = new Dictionary<(int Step, OperationStatus Outcome), Rollup>();
        bool isAll = await reader.ScanMarksAsync(
            answered.Range, filter, MaxRows,
            mark => OperationFigures.AddTo(Of(steps, (grid?.IndexOf(mark.End) ?? 0, mark.Status)), mark),
            cancellationToken).ConfigureAwait(false);
        if (!isAll)
        {
            return new(null, null, "More than 500,000 operations would have to be looked at for this filter. Narrow the range or the filter to see their figures.", answered);
        }

        var total = new StatisticsBuilder();
        foreach (var (key, rollup) in steps)
        {
            total.Add(key.Outcome.ToOutcome(), rollup);
        }

        return new(total.Build(answered.Range.Length), grid is null ? null : new(answered, ByStep(steps)), null, answered);
    }

    private static Dictionary<StatisticsGroup, StatisticsBuilder> ByStep(Dictionary<(int Step, OperationStatus Outcome), Rollup> rollups)
    {
        var groups = new Dictionary<StatisticsGroup, StatisticsBuilder>();
        foreach (var ((step, outcome), rollup) in rollups)
        {
            var group = new StatisticsGroup(step, null, null, null);
            if (!groups.TryGetValue(group, out var builder))
            {
                groups.Add(group, builder = new());
            }

            builder.Add(outcome.ToOutcome(), rollup);
        }

        return groups;
    }

    private static Rollup Of(Dictionary<(int Step, OperationStatus Outcome), Rollup> rollups, (int Step, OperationStatus Outcome) key)
    {
        if (!rollups.TryGetValue(key, out var rollup))
        {
            rollups.Add(key, rollup = new());
        }

        return rollup;
    }
}
