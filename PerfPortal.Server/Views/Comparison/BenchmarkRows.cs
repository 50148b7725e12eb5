using System.Text.Json;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Benchmarks;
using PerfPortal.Server.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Comparison;

/// <summary>The rows of the benchmark table: filtered, sorted and exported as they are shown.</summary>
internal static class BenchmarkRows
{
    /// <summary>The order without a choice: what got worse first, then what is used most.</summary>
    public const string DefaultSort = "verdict";

    /// <summary>Filters and sorts.</summary>
    /// <param name="items">All benchmarks.</param>
    /// <param name="type">Only this metric type.</param>
    /// <param name="text">Only names that contain this, ignoring case.</param>
    /// <param name="sort">A column's key, with a leading <c>-</c> for descending; an unknown one means <see cref="DefaultSort"/>.</param>
    public static IReadOnlyList<Benchmark> Shown(IReadOnlyList<Benchmark> items, MetricType? type, string? text, string? sort)
    {
        var kept = items.Where(item => (type is null || item.MetricType == type)
            && (string.IsNullOrWhiteSpace(text) || item.Name.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase)));
        bool isDescending = sort?.StartsWith('-') == true;
        string key = sort?.TrimStart('-') ?? DefaultSort;
        if (key == "name")
        {
            return Directed(kept, item => item.Name, isDescending, StringComparer.OrdinalIgnoreCase);
        }

        if (key == "type")
        {
            return Directed(kept, item => item.MetricType.WireName(), isDescending, StringComparer.Ordinal);
        }

        var value = Value(key) ?? Value(DefaultSort)!;

        // What is unknown stands last in either direction.
        var known = kept.OrderBy(item => value(item) is null);
        return [.. (isDescending ? known.ThenByDescending(value) : known.ThenBy(value)).ThenByDescending(item => item.Statistics.Count).ThenBy(item => item.Name, StringComparer.Ordinal)];
    }

    /// <summary>The rows as comma-separated values.</summary>
    public static string Csv(IReadOnlyList<Benchmark> items)
    {
        var csv = new CsvText().Line(
            "metric_type", "operation_name", "count", "succeeded", "failed", "cancelled", "abandoned", "success_rate", "mean", "min", "max", "p50", "p90", "p95", "p99",
            "throughput_per_hour", "baseline_count", "baseline_success_rate", "baseline_p50", "ratio", "verdict", "p_value", "success_p_value", "reason");
        foreach (var item in items)
        {
            var (now, before, judgement) = (item.Statistics, item.Baseline, item.Judgement);
            csv.Line(
                item.MetricType.WireName(), item.Name, now.Count, now.Succeeded, now.Failed, now.Cancelled, now.Abandoned, now.SuccessRate, now.Mean, now.Min, now.Max,
                now.P50, now.P90, now.P95, now.P99, now.ThroughputPerHour, before?.Count, before?.SuccessRate, before?.P50,
                judgement.Ratio, judgement.Verdict.WireName(), judgement.PValue, judgement.SuccessPValue, judgement.Reason);
        }

        return csv.ToString();
    }

    /// <summary>The rows as JSON, with the ranges and the test.</summary>
    public static string Json(BenchmarkAnswer answer, IReadOnlyList<Benchmark> items) => JsonSerializer.Serialize(
        new
        {
            Range = new { answer.Range.From, answer.Range.To, answer.Range.Resolution },
            BaselineRange = new { answer.BaselineRange.From, answer.BaselineRange.To, answer.BaselineRange.Resolution },
            Baseline = answer.BaselineKind,
            answer.Test,
            Items = items.Select(item => new
            {
                item.MetricType,
                OperationName = item.Name,
                item.Statistics,
                item.Baseline,
                item.Judgement.Ratio,
                item.Judgement.Verdict,
                item.Judgement.PValue,
                item.Judgement.SuccessPValue,
                item.Judgement.Reason,
            }),
        },
        WireJson.Options);

    private static Func<Benchmark, double?>? Value(string key) => key switch
    {
        "count" => item => item.Statistics.Count,
        "success" => item => item.Statistics.SuccessRate,
        "mean" => item => item.Statistics.Mean,
        "min" => item => item.Statistics.Min,
        "max" => item => item.Statistics.Max,
        "p50" => item => item.Statistics.P50,
        "p90" => item => item.Statistics.P90,
        "p95" => item => item.Statistics.P95,
        "p99" => item => item.Statistics.P99,
        "throughput" => item => item.Statistics.ThroughputPerHour,
        "base_p50" => item => item.Baseline?.P50,
        "ratio" => item => item.Judgement.Ratio,
        "verdict" => item => item.Judgement.Verdict switch { Verdict.Regressed => 0, Verdict.Improved => 1, Verdict.Unchanged => 2, _ => 3 },
        "p" => item => item.Judgement.PValue,
        _ => null,
    };

    private static IReadOnlyList<Benchmark> Directed(IEnumerable<Benchmark> items, Func<Benchmark, string> key, bool isDescending, StringComparer order) =>
        [.. isDescending ? items.OrderByDescending(key, order) : items.OrderBy(key, order)];
}
