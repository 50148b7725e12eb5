using System.Globalization;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Server.Controls.Reports;

/// <summary>The cells of a report's tables, the same in every form that people read.</summary>
internal static class ReportTexts
{
    /// <summary>The heads of statistics.</summary>
    public static IReadOnlyList<string> StatisticsHeads { get; } =
        ["Operations", "Count", "Success", "Mean", "Min", "Max", "P50", "P90", "P95", "P99", "Per hour", "Cancelled", "Abandoned"];

    /// <summary>The heads of a comparison.</summary>
    public static IReadOnlyList<string> PairHeads { get; } =
        ["Type", "Operation", "Count", "Before", "Success", "Before", "P50", "Before", "P95", "Before", "Ratio", "Verdict", "Why"];

    /// <summary>A time in UTC, to the minute.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The cells of statistics.</summary>
    public static string[] StatisticsCells(string what, OutcomeStatistics figures) =>
    [
        what, Format.Count(figures.Count), Format.Ratio(figures.SuccessRate), Format.Seconds(figures.Mean), Format.Seconds(figures.Min), Format.Seconds(figures.Max),
        Format.Seconds(figures.P50), Format.Seconds(figures.P90), Format.Seconds(figures.P95), Format.Seconds(figures.P99), Format.Number(figures.ThroughputPerHour),
        Format.Count(figures.Cancelled), Format.Count(figures.Abandoned),
    ];

    /// <summary>The cells of a comparison: the whole, the types, the names.</summary>
    public static IEnumerable<string[]> Pairs(ReportComparison comparison) => new[] { comparison.Total }.Concat(comparison.Types).Concat(comparison.Names).Select(pair => (string[])
    [
        pair.MetricType?.WireName() ?? "all", pair.OperationName ?? "all", Format.Count(pair.Statistics.Count), Format.Count(pair.Base.Count),
        Format.Ratio(pair.Statistics.SuccessRate), Format.Ratio(pair.Base.SuccessRate), Format.Seconds(pair.Statistics.P50), Format.Seconds(pair.Base.P50),
        Format.Seconds(pair.Statistics.P95), Format.Seconds(pair.Base.P95), Format.Number(pair.Ratio), EvidenceText.Words(pair.Verdict.WireName()), pair.Reason,
    ]);
}
