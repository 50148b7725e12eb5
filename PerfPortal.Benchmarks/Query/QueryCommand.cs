using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Query;

/// <summary>The verb <c>query</c>.</summary>
internal static class QueryCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var operations = new Option<int>("--operations") { Description = "How many operations the explorer's pages are out of.", DefaultValueFactory = _ => 10_000_000 };
        var part = new Option<string?>("--only") { Description = "figures or explorer." };
        return MeasurementVerb.Create(
            "query", "Figures of a day from rollups, against exact quantiles by DuckDB, and pages of the explorer.",
            async (arguments, progress, cancellationToken) =>
            [
                .. arguments.GetValue(part) == "explorer" ? [] : await StatisticsQuery.MeasureAsync(progress, cancellationToken),
                .. arguments.GetValue(part) == "figures" ? [] : await ExplorerQuery.MeasureAsync(arguments.GetValue(operations), progress, cancellationToken),
            ],
            operations, part);
    }
}
