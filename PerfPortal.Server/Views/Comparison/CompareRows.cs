using System.Text.Json;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Compare;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Comparison;

/// <summary>The rows of a comparison: filtered, sorted and exported as they are shown.</summary>
internal static class CompareRows
{
    /// <summary>The order without a choice: what got worse first, then what is used most.</summary>
    public const string DefaultSort = "verdict";

    /// <summary>Filters and sorts pairs; the parameters are those of the benchmark table.</summary>
    public static IReadOnlyList<PeriodPair> Shown(IReadOnlyList<PeriodPair> items, MetricType? type, string? text, string? sort)
    {
        var kept = items.Where(item => (type is null || item.MetricType == type)
            && (string.IsNullOrWhiteSpace(text) || (item.Name ?? "").Contains(text.Trim(), StringComparison.OrdinalIgnoreCase)));
        bool isDescending = sort?.StartsWith('-') == true;
        string key = sort?.TrimStart('-') ?? DefaultSort;
        if (key is "name" or "type")
        {
            Func<PeriodPair, string> word = key == "name" ? item => item.Name ?? "" : item => item.MetricType?.WireName() ?? "";
            return [.. isDescending ? kept.OrderByDescending(word, StringComparer.OrdinalIgnoreCase) : kept.OrderBy(word, StringComparer.OrdinalIgnoreCase)];
        }

        var value = Value(key) ?? Value(DefaultSort)!;
        var known = kept.OrderBy(item => value(item) is null);
        return
        [
            .. (isDescending ? known.ThenByDescending(value) : known.ThenBy(value))
                .ThenByDescending(item => item.Statistics.Count + item.Base.Count).ThenBy(item => item.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The change against the base as a ratio of −1 and more, or <see langword="null"/> where the base has nothing.</summary>
    public static double? Change(double? now, double? before) => now is { } a && before is { } b && b > 0 ? (a / b) - 1 : null;

    /// <summary>The rows as comma-separated values.</summary>
    public static string Csv(IReadOnlyList<PeriodPair> items)
    {
        var csv = new CsvText().Line(
            "metric_type", "operation_name", "count", "base_count", "success_rate", "base_success_rate", "mean", "base_mean", "p50", "base_p50", "p95", "base_p95",
            "p99", "base_p99", "throughput_per_hour", "base_throughput_per_hour", "ratio", "verdict", "p_value", "success_p_value", "reason");
        foreach (var item in items)
        {
            var (now, before, judgement) = (item.Statistics, item.Base, item.Judgement);
            csv.Line(
                item.MetricType?.WireName(), item.Name, now.Count, before.Count, now.SuccessRate, before.SuccessRate, now.Mean, before.Mean, now.P50, before.P50,
                now.P95, before.P95, now.P99, before.P99, now.ThroughputPerHour, before.ThroughputPerHour,
                judgement.Ratio, judgement.Verdict.WireName(), judgement.PValue, judgement.SuccessPValue, judgement.Reason);
        }

        return csv.ToString();
    }

    /// <summary>The rows as JSON, with the periods and the test.</summary>
    public static string Json(PeriodComparison comparison, IReadOnlyList<PeriodPair> names) => JsonSerializer.Serialize(
        ReportComparison.Of(comparison) with { Names = [.. names.Select(ReportPair.Of)] }, WireJson.Options);

    private static Func<PeriodPair, double?>? Value(string key) => key switch
    {
        "count" => item => item.Statistics.Count,
        "base_count" => item => item.Base.Count,
        "success" => item => item.Statistics.SuccessRate,
        "base_success" => item => item.Base.SuccessRate,
        "p50" => item => item.Statistics.P50,
        "base_p50" => item => item.Base.P50,
        "p95" => item => item.Statistics.P95,
        "base_p95" => item => item.Base.P95,
        "ratio" => item => item.Judgement.Ratio,
        "p" => item => item.Judgement.PValue,
        "verdict" => item => item.Judgement.Verdict switch { Verdict.Regressed => 0, Verdict.Improved => 1, Verdict.Unchanged => 2, _ => 3 },
        _ => null,
    };
}
