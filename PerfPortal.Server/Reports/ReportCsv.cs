using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls.Reports;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Server.Reports;

/// <summary>Writes a report as one long table with a row per value or sentence, which spreadsheets can filter and pivot.</summary>
internal static class ReportCsv
{
    /// <summary>Writes the report.</summary>
    public static string Write(PerformanceReport report)
    {
        var csv = new CsvWriter().Row("section", "metric_type", "operation_name", "source", "measure", "value", "unit", "text");
        csv.Row("range", null, null, report.Source, "from", null, null, Time(report.Range.From));
        csv.Row("range", null, null, report.Source, "to", null, null, Time(report.Range.To));
        csv.Row("range", null, null, report.Source, "resolution", null, null, report.Range.Resolution);
        csv.Row("range", null, null, report.Source, "generated_at", null, null, Time(report.GeneratedAt));
        if (report.ContainsDemonstrationData)
        {
            csv.Row("range", null, null, report.Source, "demonstration_data", null, null, ReportTexts.Demonstration);
        }

        Statistics(csv, "summary", null, null, report.Summary);
        csv.Row("score", null, null, report.Source, "value", report.Score.Value, "points", report.Score.SufficientData ? null : "not enough data");
        foreach (var deduction in report.Score.Deductions)
        {
            csv.Row("score", null, null, report.Source, "lost:" + deduction.Kind, deduction.Points, "points", deduction.Cause);
        }

        if (report.Score.Bonus is { } bonus)
        {
            csv.Row("score", null, null, report.Source, "won:" + bonus.Kind, bonus.Points, "points", bonus.Cause);
        }

        Groups(csv, "types", report.Types);
        Groups(csv, "names", report.Names);
        foreach (var host in report.Resources)
        {
            foreach (var metric in host.Metrics)
            {
                csv.Row("resources", null, null, host.Source, metric.Metric + "_min", metric.Min, metric.Unit, null);
                csv.Row("resources", null, null, host.Source, metric.Metric + "_mean", metric.Mean, metric.Unit, null);
                csv.Row("resources", null, null, host.Source, metric.Metric + "_max", metric.Max, metric.Unit, null);
            }

            foreach (var (sensor, reason) in host.Absent)
            {
                csv.Row("resources", null, null, host.Source, "absent:" + sensor, null, null, reason);
            }
        }

        foreach (var item in report.Bottlenecks)
        {
            csv.Row("bottlenecks", item.MetricType?.WireName(), item.OperationName, item.Source, item.Kind, item.Value, item.Unit, $"{item.Severity.WireName()}: {item.Sentence}");
        }

        foreach (var item in report.Findings)
        {
            string? type = item.MetricType?.WireName();
            csv.Row("findings", type, item.OperationName, item.Source, item.Kind, item.Size, item.Unit, $"{item.State}, {item.Severity.WireName()}: {item.Sentence}");
            csv.Row("findings", type, item.OperationName, item.Source, item.Kind + "_confidence", item.Confidence, "share", item.Incident);
            csv.Row("findings", type, item.OperationName, item.Source, item.Kind + "_since", null, null, Time(item.Since));
            csv.Row("findings", type, item.OperationName, item.Source, item.Kind + "_until", null, null, item.Until is { } until ? Time(until) : null);
        }

        foreach (var item in report.Recommendations)
        {
            csv.Row("recommendations", item.MetricType?.WireName(), item.OperationName, item.Source, item.Kind, item.Gain.Value, item.Gain.Unit, $"{item.State.WireName()}: {item.Sentence} {item.Action}");
        }

        foreach (var trend in report.Trends)
        {
            csv.Row("trends", null, null, trend.Source, trend.Resource, trend.SlopePerHour, trend.Unit + "/h", trend.Direction.WireName() + (trend.Reason is null ? "" : ": " + trend.Reason));
        }

        Pair(csv, "comparison", report.Comparison.Total);
        foreach (var pair in report.Comparison.Types.Concat(report.Comparison.Names))
        {
            Pair(csv, "comparison", pair);
        }

        return csv.ToString();
    }

    private static string Time(DateTimeOffset time) => Wire.WireJson.Text(time);

    private static void Groups(CsvWriter csv, string section, IReadOnlyList<ReportGroup> groups)
    {
        foreach (var group in groups)
        {
            Statistics(csv, section, group.MetricType, group.OperationName, group.Statistics);
            foreach (var fact in group.Facts)
            {
                csv.Row(section, group.MetricType.WireName(), group.OperationName, null, "fact:" + fact.Name + "_mean", fact.Mean, fact.Unit, null);
                csv.Row(section, group.MetricType.WireName(), group.OperationName, null, "fact:" + fact.Name + "_sum", fact.Sum, fact.Unit, null);
            }
        }
    }

    private static void Statistics(CsvWriter csv, string section, MetricType? type, string? name, OutcomeStatistics figures)
    {
        foreach (var (measure, value, unit) in Measures(figures))
        {
            csv.Row(section, type?.WireName(), name, null, measure, value, unit, null);
        }
    }

    private static void Pair(CsvWriter csv, string section, ReportPair pair)
    {
        string? type = pair.MetricType?.WireName();
        csv.Row(section, type, pair.OperationName, null, "ratio", pair.Ratio, "ratio", $"{pair.Verdict.WireName()}: {pair.Reason}");
        if (pair.OperationName is null)
        {
            csv.Row(section, type, null, null, "total_ratio", pair.TotalRatio, "ratio", null);
            csv.Row(section, type, null, null, "performance_ratio", pair.PerformanceRatio, "ratio", null);
            csv.Row(section, type, null, null, "mix_ratio", pair.MixRatio, "ratio", null);
        }

        csv.Row(section, type, pair.OperationName, null, "base_count", pair.Base.Count, "", null);
        csv.Row(section, type, pair.OperationName, null, "base_success_rate", pair.Base.SuccessRate, "share", null);
        csv.Row(section, type, pair.OperationName, null, "base_p50", pair.Base.P50, "s", null);
        csv.Row(section, type, pair.OperationName, null, "base_p95", pair.Base.P95, "s", null);
    }

    private static IEnumerable<(string Measure, object? Value, string Unit)> Measures(OutcomeStatistics figures) =>
    [
        ("count", figures.Count, ""), ("succeeded", figures.Succeeded, ""), ("failed", figures.Failed, ""), ("cancelled", figures.Cancelled, ""),
        ("abandoned", figures.Abandoned, ""), ("success_rate", figures.SuccessRate, "share"), ("mean", figures.Mean, "s"), ("min", figures.Min, "s"),
        ("max", figures.Max, "s"), ("p50", figures.P50, "s"), ("p90", figures.P90, "s"), ("p95", figures.P95, "s"), ("p99", figures.P99, "s"),
        ("throughput_per_hour", figures.ThroughputPerHour, "1/h"),
    ];
}
