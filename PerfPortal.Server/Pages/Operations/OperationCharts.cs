using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>Converts statistics per step to chart data.</summary>
internal static class OperationCharts
{
    private static readonly (string Name, string Color, Func<OutcomeStatistics, long> Count)[] Outcomes =
    [
        ("Succeeded", "--ok", s => s.Succeeded), ("Failed", "--crit", s => s.Failed), ("Cancelled", "--off", s => s.Cancelled), ("Abandoned", "--warn", s => s.Abandoned),
    ];

    /// <summary>An empty chart.</summary>
    public static ChartData Empty { get; } = new(default, default, [], []);

    /// <summary>Returns P50 and P95 per step in seconds. A step without ended operations is a gap.</summary>
    public static ChartData Durations(StatisticsAnswer? steps, BucketGrid grid, TimeRange range) => Draw(steps, grid, range, figures =>
    [
        new("P50", [.. figures.Select(f => f.P50)]),
        new("P95", [.. figures.Select(f => f.P95)]),
    ]);

    /// <summary>Returns the number of ended operations per step and outcome. Outcomes that never occurred are omitted.</summary>
    public static ChartData Counts(StatisticsAnswer? steps, BucketGrid grid, TimeRange range) => Draw(steps, grid, range, figures =>
    [
        .. Outcomes.Where(outcome => figures.Any(f => outcome.Count(f) > 0))
            .Select(outcome => new ChartSeries(
                outcome.Name, [.. figures.Select(f => (double?)outcome.Count(f))], ChartKind.Bar, Color: outcome.Color, Stack: "outcomes")),
    ]);

    private static ChartData Draw(StatisticsAnswer? steps, BucketGrid grid, TimeRange range, Func<OutcomeStatistics[], IReadOnlyList<ChartSeries>> draw)
    {
        if (steps is null || steps.Groups.Count == 0)
        {
            return Empty;
        }

        OutcomeStatistics[] figures = [.. Enumerable.Range(0, grid.Count).Select(step => steps.Of(new(step, null, null, null)))];
        return new(Earlier(grid.Start(0), range.From), range.To, [.. Enumerable.Range(0, grid.Count).Select(grid.Start)], draw(figures));
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
