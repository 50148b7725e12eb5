using System.Globalization;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Reports;
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
        what, Numbers.Count(figures.Count), Numbers.Ratio(figures.SuccessRate), Numbers.Seconds(figures.Mean), Numbers.Seconds(figures.Min), Numbers.Seconds(figures.Max),
        Numbers.Seconds(figures.P50), Numbers.Seconds(figures.P90), Numbers.Seconds(figures.P95), Numbers.Seconds(figures.P99), Numbers.Plain(figures.ThroughputPerHour),
        Numbers.Count(figures.Cancelled), Numbers.Count(figures.Abandoned),
    ];

    /// <summary>The cells of a comparison: the whole, the types, the names.</summary>
    public static IEnumerable<string[]> Pairs(ReportComparison comparison) => new[] { comparison.Total }.Concat(comparison.Types).Concat(comparison.Names).Select(pair => (string[])
    [
        pair.MetricType?.WireName() ?? "all", pair.OperationName ?? "all", Numbers.Count(pair.Statistics.Count), Numbers.Count(pair.Base.Count),
        Numbers.Ratio(pair.Statistics.SuccessRate), Numbers.Ratio(pair.Base.SuccessRate), Numbers.Seconds(pair.Statistics.P50), Numbers.Seconds(pair.Base.P50),
        Numbers.Seconds(pair.Statistics.P95), Numbers.Seconds(pair.Base.P95), Numbers.Plain(pair.Ratio), EvidenceText.Words(pair.Verdict.WireName()), pair.Reason,
    ]);

    /// <summary>A value of a resource with its unit.</summary>
    public static string Metric(double value, string unit) => EvidenceText.Value(value, unit);

    /// <summary>A value of a fact with its unit.</summary>
    public static string Fact(double value, string unit) => EvidenceText.Value(value, unit);
}
