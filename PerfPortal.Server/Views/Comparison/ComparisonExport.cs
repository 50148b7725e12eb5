using System.Text.Json;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Comparison;

/// <summary>Exports the visible rows of benchmarks and comparisons. JSON has the format of the API response.</summary>
internal static class ComparisonExport
{
    private static readonly Column[] BenchmarkColumns =
    [
        new("metric_type", row => row.MetricType?.WireName()),
        new("operation_name", row => row.Name),
        new("count", row => row.Statistics.Count),
        new("succeeded", row => row.Statistics.Succeeded),
        new("failed", row => row.Statistics.Failed),
        new("cancelled", row => row.Statistics.Cancelled),
        new("abandoned", row => row.Statistics.Abandoned),
        new("success_rate", row => row.Statistics.SuccessRate),
        new("mean", row => row.Statistics.Mean),
        new("min", row => row.Statistics.Min),
        new("max", row => row.Statistics.Max),
        new("p50", row => row.Statistics.P50),
        new("p90", row => row.Statistics.P90),
        new("p95", row => row.Statistics.P95),
        new("p99", row => row.Statistics.P99),
        new("throughput_per_hour", row => row.Statistics.ThroughputPerHour),
        new("baseline_count", row => row.HasBase ? row.Base.Count : null),
        new("baseline_success_rate", row => row.Base.SuccessRate),
        new("baseline_p50", row => row.Base.P50),
        .. JudgementColumns(),
    ];

    private static readonly Column[] CompareColumns =
    [
        new("metric_type", row => row.MetricType?.WireName()),
        new("operation_name", row => row.Name),
        .. Pair("count", figures => figures.Count),
        .. Pair("success_rate", figures => figures.SuccessRate),
        .. Pair("mean", figures => figures.Mean),
        .. Pair("p50", figures => figures.P50),
        .. Pair("p95", figures => figures.P95),
        .. Pair("p99", figures => figures.P99),
        .. Pair("throughput_per_hour", figures => figures.ThroughputPerHour),
        .. JudgementColumns(),
    ];

    /// <summary>Exports benchmarks as CSV.</summary>
    public static string BenchmarkCsv(IReadOnlyList<ComparedStatistics> rows) => Csv(BenchmarkColumns, rows);

    /// <summary>Exports a comparison as CSV.</summary>
    public static string CompareCsv(IReadOnlyList<ComparedStatistics> rows) => Csv(CompareColumns, rows);

    /// <summary>Exports benchmarks as JSON.</summary>
    public static string BenchmarkJson(BenchmarkAnswer answer, IReadOnlyList<ComparedStatistics> rows) =>
        JsonSerializer.Serialize(BenchmarksBody.Of(answer with { Items = rows }), WireJson.Options);

    /// <summary>Exports a comparison as JSON with the visible names.</summary>
    public static string CompareJson(PeriodComparison comparison, IReadOnlyList<ComparedStatistics> names) =>
        JsonSerializer.Serialize(CompareBody.Of(comparison with { Names = names }), WireJson.Options);

    private static Column[] Pair(string header, Func<OutcomeStatistics, object?> value) =>
        [new(header, row => value(row.Statistics)), new("base_" + header, row => value(row.Base))];

    private static Column[] JudgementColumns() =>
    [
        new("ratio", row => row.Judgement.Ratio),
        new("verdict", row => row.Judgement.Verdict.WireName()),
        new("p_value", row => row.Judgement.PValue),
        new("success_p_value", row => row.Judgement.SuccessPValue),
        new("reason", row => row.Judgement.Reason),
    ];

    private static string Csv(Column[] columns, IReadOnlyList<ComparedStatistics> rows)
    {
        var csv = new CsvWriter().Row([.. columns.Select(column => column.Header)]);
        foreach (var row in rows)
        {
            csv.Row([.. columns.Select(column => column.Cell(row))]);
        }

        return csv.ToString();
    }

    private sealed record Column(string Header, Func<ComparedStatistics, object?> Cell);
}
