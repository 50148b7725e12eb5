using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Query;

/// <summary>The verb <c>query</c>.</summary>
internal static class QueryCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => MeasurementVerb.Create(
        "query", "Figures of a day from rollups, against exact quantiles by DuckDB.",
        (_, progress, cancellationToken) => StatisticsQuery.MeasureAsync(progress, cancellationToken));
}
