using System.Globalization;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Analysis.Scoring;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Server.Controls.Reports;

/// <summary>The headers and cells of a report's tables, shared by all readable formats.</summary>
internal static class ReportTexts
{
    /// <summary>The label of a report that includes demonstration data.</summary>
    public const string Demonstration = "Contains demonstration data (source demo), which is made up.";
    private const double MostConfident = 0.999;

    /// <summary>The column headers of statistics.</summary>
    public static IReadOnlyList<string> StatisticsHeads { get; } =
        ["Operations", "Count", "Success rate", "Mean", "Min", "Max", "P50", "P90", "P95", "P99", "Per hour", "Cancelled", "Abandoned"];

    /// <summary>The column headers of a comparison.</summary>
    public static IReadOnlyList<string> PairHeads { get; } =
        ["Type", "Operation", "Count", "Previous", "Success rate", "Previous", "P50", "Previous", "P95", "Previous", "P50 change", "Mix", "Performance", "Verdict", "Reason"];

    /// <summary>The state of a finding: its severity, or that it is over.</summary>
    public static string FindingState(ReportFinding item) => item.State == "open" ? EvidenceText.Words(item.Severity.WireName()) : "Over";

    /// <summary>The figures of a finding: <c>Since 2026-11-30 02:19, size +13.8 %, confidence 99.9 %.</c></summary>
    public static string FindingFacts(ReportFinding item, Func<DateTimeOffset, string> time) =>
        $"Since {time(item.Since)}{(item.Until is { } until ? $" until {time(until)}" : "")}, size {(item.Unit == "ratio" ? Format.Change(item.Size) : Format.Value(item.Size, item.Unit))}, confidence {Format.Ratio(Math.Min(item.Confidence, MostConfident))}.";

    /// <summary>Formats a score: <c>87.5 of 100</c>.</summary>
    public static string Score(PerformanceScore score) => score.Value is { } value
        ? $"{Format.Number(value)} of 100"
        : $"Not enough data (needs {PerformanceScoring.MinimumOperations} operations, has {Format.Count(score.Operations)})";

    /// <summary>Formats a time in UTC with minute precision.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Returns the cells of statistics.</summary>
    public static string[] StatisticsCells(string what, OutcomeStatistics figures) =>
    [
        what, Format.Count(figures.Count), Format.Ratio(figures.SuccessRate), Format.Seconds(figures.Mean), Format.Seconds(figures.Min), Format.Seconds(figures.Max),
        Format.Seconds(figures.P50), Format.Seconds(figures.P90), Format.Seconds(figures.P95), Format.Seconds(figures.P99), Format.Number(figures.ThroughputPerHour),
        Format.Count(figures.Cancelled), Format.Count(figures.Abandoned),
    ];

    /// <summary>Returns the rows of a comparison: the total, then types, then names.</summary>
    public static IEnumerable<string[]> Pairs(ReportComparison comparison) => new[] { comparison.Total }.Concat(comparison.Types).Concat(comparison.Names).Select(pair => (string[])
    [
        pair.MetricType?.Singular() ?? "All types", pair.OperationName ?? "All operations", Format.Count(pair.Statistics.Count), Format.Count(pair.Base.Count),
        Format.Ratio(pair.Statistics.SuccessRate), Format.Ratio(pair.Base.SuccessRate), Format.Seconds(pair.Statistics.P50), Format.Seconds(pair.Base.P50),
        Format.Seconds(pair.Statistics.P95), Format.Seconds(pair.Base.P95), Format.Change(pair.Ratio - 1), Format.Change(pair.MixRatio - 1), Format.Change((pair.OperationName is null ? pair.PerformanceRatio : pair.Ratio) - 1),
        pair.Verdict == Verdict.InsufficientData ? "Not enough data" : EvidenceText.Words(pair.Verdict.WireName()), pair.Reason,
    ]);
}
