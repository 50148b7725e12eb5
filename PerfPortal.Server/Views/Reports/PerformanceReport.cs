using System.Text.Json.Serialization;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Reports;

/// <summary>The performance report of a window. Durations are in seconds, rates 0–1.</summary>
public sealed record PerformanceReport
{
    /// <summary>The time of generation, UTC.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>The window that the report covers.</summary>
    public required ReportRange Range { get; init; }

    /// <summary>The source, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>Whether the figures include demonstration data, which is made up (source <c>demo</c>).</summary>
    public bool ContainsDemonstrationData { get; init; }

    /// <summary>The statistics of all operations.</summary>
    public required OutcomeStatistics Summary { get; init; }

    /// <summary>The score at the end of the window, with the deductions per cause.</summary>
    public required PerformanceScore Score { get; init; }

    /// <summary>Each metric type with operations in the window.</summary>
    public required IReadOnlyList<ReportGroup> Types { get; init; }

    /// <summary>Each operation name with operations in the window, by type and name.</summary>
    public required IReadOnlyList<ReportGroup> Names { get; init; }

    /// <summary>Each host with samples in the window; at most <see cref="ReportReader.MaxHosts"/>.</summary>
    public required IReadOnlyList<ReportHost> Resources { get; init; }

    /// <summary>The scope of bottlenecks, recommendations, score and trends: the 24 hours before the end of the window.</summary>
    public required ReportAnalysis Analysis { get; init; }

    /// <summary>The bottlenecks, critical ones first.</summary>
    public required IReadOnlyList<Bottleneck> Bottlenecks { get; init; }

    /// <summary>The findings that lasted at some time in the window, forecasts included, one incident after the other: open ones first, the gravest first; at most <see cref="ReportReader.MaxFindings"/>.</summary>
    public required IReadOnlyList<ReportFinding> Findings { get; init; }

    /// <summary>The recommendations that are current at the end of the window, with the decisions made on them.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>The trend of each resource over the last hours of the window (six by default).</summary>
    public required IReadOnlyList<ResourceTrend> Trends { get; init; }

    /// <summary>The comparison of the window with the previous period.</summary>
    public required ReportComparison Comparison { get; init; }

    /// <summary>The operations over time.</summary>
    public required ReportTimeline Timeline { get; init; }
}

/// <summary>The range that a result covers.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution"><c>exact</c>, <c>minute</c> or <c>hour</c>: the resolution that both ends are aligned to.</param>
public sealed record ReportRange(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>Converts a range to its wire form.</summary>
    public static ReportRange Of(AnsweredRange range) => new(range.From, range.To, range.Resolution);
}

/// <summary>The operations of a metric type, or of an operation name within it.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The name, or <see langword="null"/> for the whole type.</param>
/// <param name="Statistics">The statistics.</param>
/// <param name="Facts">The numeric metadata of the operations, well-known members first.</param>
public sealed record ReportGroup(MetricType MetricType, string? OperationName, OutcomeStatistics Statistics, IReadOnlyList<ReportFact> Facts);

/// <summary>Statistics of a numeric metadata member: a well-known one or a custom metric.</summary>
/// <param name="Name">The metadata name.</param>
/// <param name="Title">The display name.</param>
/// <param name="Unit">The unit, or empty. A flag is reported as the fraction that is true.</param>
/// <param name="Count">The number of operations with this member.</param>
/// <param name="Sum">The sum.</param>
/// <param name="Min">The minimum.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The maximum.</param>
public sealed record ReportFact(string Name, string Title, string Unit, long Count, double Sum, double Min, double Mean, double Max);

/// <summary>The resources of a host over the window.</summary>
/// <param name="Source">The host.</param>
/// <param name="Metrics">Each metric that was measured.</param>
/// <param name="Absent">Sensors without measurements, with the reason.</param>
public sealed record ReportHost(string Source, IReadOnlyList<ReportMetric> Metrics, IReadOnlyDictionary<string, string> Absent);

/// <summary>The statistics of a metric over the window.</summary>
/// <param name="Metric">The wire name.</param>
/// <param name="Unit">The unit; empty for a count.</param>
/// <param name="Min">The minimum.</param>
/// <param name="Mean">The mean of the steps with measurements, weighted equally.</param>
/// <param name="Max">The maximum.</param>
/// <param name="Series">The mean of each step, <see langword="null"/> for steps without samples; for sparklines, not part of the wire format.</param>
public sealed record ReportMetric(string Metric, string Unit, double Min, double Mean, double Max, [property: JsonIgnore] IReadOnlyList<double?> Series);

/// <summary>The scope of the analysis of a report.</summary>
/// <param name="From">The start.</param>
/// <param name="To">The end.</param>
/// <param name="OperationsExamined">The number of completed operations.</param>
/// <param name="SamplesExamined">Minutes of samples, summed over all hosts.</param>
/// <param name="Milliseconds">The duration of the analysis.</param>
public sealed record ReportAnalysis(DateTimeOffset From, DateTimeOffset To, long OperationsExamined, long SamplesExamined, double Milliseconds);

/// <summary>The operations over time.</summary>
/// <param name="StepSeconds">The length of a step.</param>
/// <param name="Steps">The steps, oldest first. The first and the last can extend beyond the window but count only operations within it.</param>
public sealed record ReportTimeline(double StepSeconds, IReadOnlyList<ReportStep> Steps);

/// <summary>A step of the timeline.</summary>
/// <param name="Start">The start of the step.</param>
/// <param name="Succeeded">The number of succeeded operations.</param>
/// <param name="Failed">The number of failed operations.</param>
/// <param name="P95">The P95 duration, or <see langword="null"/> without operations.</param>
public sealed record ReportStep(DateTimeOffset Start, long Succeeded, long Failed, double? P95);

/// <summary>A comparison of two periods.</summary>
/// <param name="Range">The range.</param>
/// <param name="BaseRange">The base.</param>
/// <param name="Test">The tests behind the verdicts.</param>
/// <param name="Total">All operations.</param>
/// <param name="Types">Each metric type.</param>
/// <param name="Names">Each operation name.</param>
public sealed record ReportComparison(
    ReportRange Range, ReportRange BaseRange, string Test, ReportPair Total, IReadOnlyList<ReportPair> Types, IReadOnlyList<ReportPair> Names)
{
    /// <summary>Converts a comparison to its wire form.</summary>
    public static ReportComparison Of(PeriodComparison comparison) => new(
        ReportRange.Of(comparison.Range), ReportRange.Of(comparison.BaseRange), comparison.Test, ReportPair.Of(comparison.Total),
        [.. comparison.Types.Select(ReportPair.Of)], [.. comparison.Names.Select(ReportPair.Of)]);
}

/// <summary>The statistics of a type or an operation name in two periods.</summary>
/// <param name="MetricType">The metric type; null for the total.</param>
/// <param name="OperationName">The operation name; null for the total and for a whole type.</param>
/// <param name="Statistics">The statistics of the range.</param>
/// <param name="Base">The statistics of the base.</param>
/// <param name="Ratio">The median duration divided by that of the base; null without enough data.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="PValue">The p-value of the test of durations; null without enough data.</param>
/// <param name="SuccessPValue">The p-value of the test of success rates; null without enough data.</param>
/// <param name="Reason">What the verdict is based on.</param>
/// <param name="TotalRatio">Above the level of a name: the geometric mean of all durations divided by that of the base; null for a name, and when either has none.</param>
/// <param name="PerformanceRatio">The part of it that the names themselves account for; the verdict is on this part. Null when no name ended in both.</param>
/// <param name="MixRatio">The part that the changed shares account for.</param>
/// <param name="Contributions">The names that contribute most, largest first, at most 5; null for a name.</param>
public sealed record ReportPair(
    MetricType? MetricType, string? OperationName, OutcomeStatistics Statistics, OutcomeStatistics Base,
    double? Ratio, Verdict Verdict, double? PValue, double? SuccessPValue, string Reason, double? TotalRatio = null, double? PerformanceRatio = null, double? MixRatio = null,
    IReadOnlyList<MixContribution>? Contributions = null)
{
    /// <summary>Converts a pair to its wire form.</summary>
    public static ReportPair Of(ComparedStatistics pair) => new(
        pair.MetricType, pair.Name, pair.Statistics, pair.Base,
        pair.Judgement.Ratio, pair.Judgement.Verdict, pair.Judgement.PValue, pair.Judgement.SuccessPValue, pair.Judgement.Reason,
        pair.Judgement.Split?.TotalRatio, pair.Judgement.Split?.PerformanceRatio, pair.Judgement.Split?.MixRatio, pair.Judgement.Split?.Contributions);
}
