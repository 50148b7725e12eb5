using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>The chart of completed operations: succeeded and failed per step, for all types.</summary>
internal static class OperationsChart
{
    /// <summary>The key of the chart.</summary>
    public const string Key = "operations";

    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";

    /// <summary>Returns the outcome that a series of the chart counts; <see langword="null"/> for an unknown series.</summary>
    public static OperationStatus? OutcomeOf(string series) => series switch
    {
        Succeeded => OperationStatus.Succeeded,
        Failed => OperationStatus.Failed,
        _ => null,
    };

    /// <summary>Creates the chart. It is empty, not a line of zeros, when no operation completed in the range.</summary>
    /// <param name="range">The range of the page.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="operations">The statistics of the range per step.</param>
    public static ChartModel Of(TimeRange range, BucketGrid grid, StatisticsAnswer operations)
    {
        DateTimeOffset[] times = [.. Enumerable.Range(0, grid.Count).Select(grid.Start)];
        double?[] succeeded = new double?[times.Length];
        double?[] failed = new double?[times.Length];
        Array.Fill(succeeded, 0);
        Array.Fill(failed, 0);
        bool isAny = false;
        foreach (var (group, builder) in operations.Groups.Where(pair => pair.Key.Step >= 0 && pair.Key.Step < times.Length))
        {
            var statistics = builder.Build(grid.Step);
            succeeded[group.Step] += statistics.Succeeded;
            failed[group.Step] += statistics.Failed;
            isAny |= statistics.Count > 0;
        }

        ChartSeries[] series = isAny
            ? [new(Succeeded, succeeded, ChartKind.Bar, Color: "--ok", Stack: "operations"), new(Failed, failed, ChartKind.Bar, Color: "--crit", Stack: "operations")]
            : [];
        return new(
            Key, $"Operations completed per {StepWords.Of(grid.Step)}", null, new(range.From, range.To, times, series), [], null,
            "No operations completed in this range. Widen the range or choose another source.");
    }
}
