using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Operations;

/// <summary>The statistics of a filtered set of operations, in total and per step.</summary>
/// <param name="Statistics">The total statistics, or <see langword="null"/> when they were not computed.</param>
/// <param name="Steps">The statistics of each step of the grid, grouped by step only; <see langword="null"/> without a grid or when not computed.</param>
/// <param name="Reason">A sentence that states why the statistics were not computed; otherwise <see langword="null"/>.</param>
/// <param name="Range">The range that the statistics cover.</param>
internal sealed record OperationSeries(OutcomeStatistics? Statistics, StatisticsAnswer? Steps, string? Reason, AnsweredRange Range);

/// <summary>
/// Computes the statistics of a whole filtered set of completed operations: from rollups when the filter selects series only, otherwise from
/// the matching rows, of which it reads at most <see cref="MaxRows"/>.
/// </summary>
internal sealed class OperationStatistics(StatisticsReader statistics, IOperationReader reader, RetentionHorizons horizons)
{
    /// <summary>The maximum number of rows read for one result.</summary>
    public const int MaxRows = 500_000;

    /// <summary>Computes the statistics of a filtered set.</summary>
    /// <returns>The statistics or the reason why they are missing, and the range that they cover.</returns>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public async Task<(OutcomeStatistics? Statistics, string? Reason, AnsweredRange Range)> ReadAsync(
        TimeRange range, OperationFilter filter, CancellationToken cancellationToken)
    {
        var series = await ReadSeriesAsync(range, filter, null, cancellationToken).ConfigureAwait(false);
        return (series.Statistics, series.Reason, series.Range);
    }

    /// <summary>Creates a grid of at most <paramref name="steps"/> steps over a range, at the finest resolution that the retained data allows.</summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    public BucketGrid GridOver(TimeRange range, int steps) =>
        BucketGrid.Over(range, steps, range.From < horizons.OldestMinute ? TimeSpan.FromHours(1) : StatisticsReader.FinestStep);

    /// <summary>Like <see cref="ReadAsync"/>, with the statistics of each step of a grid.</summary>
    /// <exception cref="ArgumentException">The range is empty, or the grid's step is not whole minutes.</exception>
    public Task<OperationSeries> ReadSeriesAsync(TimeRange range, OperationFilter filter, BucketGrid? grid, CancellationToken cancellationToken)
    {
        if (range.To <= range.From)
        {
            throw new ArgumentException("The range must not be empty.", nameof(range));
        }

        return filter.UsesSeriesOnly
            ? FromRollupsAsync(range, filter.Series, grid, cancellationToken)

            // The embedded database runs on the calling thread; do not block a circuit while it reads half a million rows.
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
            return new(null, null, "This filter needs the individual operations, but retention, sampling or the size limit has deleted some or all of them in this range.", answered with { From = range.From });
        }

        var steps = new Dictionary<(int Step, OperationStatus Outcome), Rollup>();
        bool isAll = await reader.ScanMarksAsync(
            answered.Range, filter, MaxRows,
            mark => OperationFigures.AddTo(Of(steps, (grid?.IndexOf(mark.End) ?? 0, mark.Status)), mark),
            cancellationToken).ConfigureAwait(false);
        if (!isAll)
        {
            return new(null, null, "This filter requires scanning more than 500,000 operations. Narrow the range or the filter to see statistics.", answered);
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
