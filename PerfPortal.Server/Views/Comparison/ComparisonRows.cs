using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Comparison;

/// <summary>Filters and sorts the rows of the benchmark table and of comparisons.</summary>
internal static class ComparisonRows
{
    /// <summary>The default order: regressions first, then by number of operations.</summary>
    public const string DefaultSort = "verdict";

    /// <summary>Whether all operations regressed though no single name did: each is too small a change, or too few operations, to be clear by itself.</summary>
    public static bool IsWorseOnlyTogether(PeriodComparison comparison) =>
        comparison.Total.Judgement.Verdict == Verdict.Regressed && comparison.Names.All(name => name.Judgement.Verdict != Verdict.Regressed);

    /// <summary>Filters and sorts rows. Rows without a value are last in either direction; ties are ordered by type and name.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="type">The metric type to include; <see langword="null"/> for all.</param>
    /// <param name="text">A text that the name must contain, ignoring case.</param>
    /// <param name="sort">A column key, with a leading <c>-</c> for descending; an unknown key means <see cref="DefaultSort"/>.</param>
    public static IReadOnlyList<ComparedStatistics> Shown(IReadOnlyList<ComparedStatistics> rows, MetricType? type, string? text, string? sort)
    {
        var kept = rows.Where(row => (type is null || row.MetricType == type)
            && (string.IsNullOrWhiteSpace(text) || (row.Name ?? "").Contains(text.Trim(), StringComparison.OrdinalIgnoreCase)));
        bool isDescending = sort?.StartsWith('-') == true;
        return [.. Sorted(kept, sort?.TrimStart('-') ?? DefaultSort, isDescending).ThenBy(TypeName, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal)];
    }

    /// <summary>The relative change against the baseline, at least −1; <see langword="null"/> when the baseline has no value.</summary>
    public static double? Change(double? now, double? before) => now is { } a && before is { } b && b > 0 ? (a / b) - 1 : null;

    private static IOrderedEnumerable<ComparedStatistics> Sorted(IEnumerable<ComparedStatistics> rows, string key, bool isDescending) => key switch
    {
        "name" => Directed(rows, row => row.Name, StringComparer.OrdinalIgnoreCase, isDescending),
        "type" => Directed(rows, TypeName, StringComparer.Ordinal, isDescending),
        _ when Value(key) is { } value => Known(rows, value, isDescending),
        _ => Known(rows, VerdictRank, isDescending).ThenByDescending(row => row.Statistics.Count + row.Base.Count),
    };

    private static IOrderedEnumerable<ComparedStatistics> Known(IEnumerable<ComparedStatistics> rows, Func<ComparedStatistics, double?> value, bool isDescending)
    {
        var known = rows.OrderBy(row => value(row) is null);
        return isDescending ? known.ThenByDescending(value) : known.ThenBy(value);
    }

    private static IOrderedEnumerable<ComparedStatistics> Directed(
        IEnumerable<ComparedStatistics> rows, Func<ComparedStatistics, string?> key, StringComparer order, bool isDescending) =>
        isDescending ? rows.OrderByDescending(key, order) : rows.OrderBy(key, order);

    private static string? TypeName(ComparedStatistics row) => row.MetricType?.WireName();

    private static double? VerdictRank(ComparedStatistics row) =>
        row.Judgement.Verdict switch { Verdict.Regressed => 0, Verdict.Improved => 1, Verdict.Unchanged => 2, _ => 3 };

    private static Func<ComparedStatistics, double?>? Value(string key) => key switch
    {
        "count" => row => row.Statistics.Count,
        "base_count" => row => row.Base.Count,
        "success" => row => row.Statistics.SuccessRate,
        "base_success" => row => row.Base.SuccessRate,
        "mean" => row => row.Statistics.Mean,
        "min" => row => row.Statistics.Min,
        "max" => row => row.Statistics.Max,
        "p50" => row => row.Statistics.P50,
        "base_p50" => row => row.Base.P50,
        "p90" => row => row.Statistics.P90,
        "p95" => row => row.Statistics.P95,
        "base_p95" => row => row.Base.P95,
        "p99" => row => row.Statistics.P99,
        "throughput" => row => row.Statistics.ThroughputPerHour,
        "ratio" => row => row.Judgement.Ratio,
        "total" => row => row.Judgement.Split?.TotalRatio,
        "mix" => row => row.Judgement.Split?.MixRatio,
        "performance" => row => row.Judgement.Split?.PerformanceRatio,
        "p" => row => row.Judgement.PValue,
        _ => null,
    };
}
