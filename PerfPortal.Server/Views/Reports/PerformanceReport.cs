using System.Text.Json.Serialization;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Reports;

/// <summary>
/// The report over a window, as it goes over the wire in snake_case. Durations are seconds, success rates 0–1. There is no member for forecasts:
/// the portal does not make any yet.
/// </summary>
public sealed record PerformanceReport
{
    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>The window that was answered for.</summary>
    public required ReportRange Range { get; init; }

    /// <summary>The source that it is of, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>Everything.</summary>
    public required OutcomeStatistics Summary { get; init; }

    /// <summary>The score at the end of the window, with the points lost per cause.</summary>
    public required PerformanceScore Score { get; init; }

    /// <summary>Each metric type with operations in the window.</summary>
    public required IReadOnlyList<ReportGroup> Types { get; init; }

    /// <summary>Each operation name with operations in the window, by type and name.</summary>
    public required IReadOnlyList<ReportGroup> Names { get; init; }

    /// <summary>Each host with samples in the window; at most <see cref="ReportReader.MaxHosts"/>.</summary>
    public required IReadOnlyList<ReportHost> Resources { get; init; }

    /// <summary>What was looked at for bottlenecks, recommendations, score and trends: the 24 hours before the end of the window.</summary>
    public required ReportAnalysis Analysis { get; init; }

    /// <summary>The bottlenecks, critical ones first.</summary>
    public required IReadOnlyList<Bottleneck> Bottlenecks { get; init; }

    /// <summary>The recommendations that hold at the end of the window, with what people decided on them.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>The trend of each resource over the last six hours of the window.</summary>
    public required IReadOnlyList<ResourceTrend> Trends { get; init; }

    /// <summary>The window against the period of equal length before.</summary>
    public required ReportComparison Comparison { get; init; }

    /// <summary>Operations over time.</summary>
    public required ReportTimeline Timeline { get; init; }
}

/// <summary>A range that was answered for.</summary>
/// <param name="From">The begin, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution"><c>exact</c>, <c>minute</c> or <c>hour</c>: what the edges snapped to.</param>
public sealed record ReportRange(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>A range as it goes over the wire.</summary>
    public static ReportRange Of(AnsweredRange range) => new(range.From, range.To, range.Resolution);
}

/// <summary>The operations of one type, or of one name of it.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="OperationName">The name, or <see langword="null"/> for the whole type.</param>
/// <param name="Statistics">What was counted.</param>
/// <param name="Facts">The numeric facts that they carried, known ones first.</param>
public sealed record ReportGroup(MetricType MetricType, string? OperationName, OutcomeStatistics Statistics, IReadOnlyList<ReportFact> Facts);

/// <summary>A numeric fact of operations: a known one or a custom metric.</summary>
/// <param name="Name">Its name in the metadata.</param>
/// <param name="Title">Its name for a person.</param>
/// <param name="Unit">Its unit; empty for none. A flag counts as the share that is true.</param>
/// <param name="Count">How many operations carried it.</param>
/// <param name="Sum">Its sum.</param>
/// <param name="Min">The least.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The greatest.</param>
public sealed record ReportFact(string Name, string Title, string Unit, long Count, double Sum, double Min, double Mean, double Max);

/// <summary>The resources of a host over the window.</summary>
/// <param name="Source">The host.</param>
/// <param name="Metrics">Each metric that was measured.</param>
/// <param name="Absent">Sensors that do not measure, with the reason.</param>
public sealed record ReportHost(string Source, IReadOnlyList<ReportMetric> Metrics, IReadOnlyDictionary<string, string> Absent);

/// <summary>A metric over the window.</summary>
/// <param name="Metric">Its wire name.</param>
/// <param name="Unit">Its unit; empty for a count.</param>
/// <param name="Min">The least value.</param>
/// <param name="Mean">The mean of the steps in which it was measured, each weighted alike.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="Series">The mean of each step, <see langword="null"/> where nothing was measured; for the small lines, not on the wire.</param>
public sealed record ReportMetric(string Metric, string Unit, double Min, double Mean, double Max, [property: JsonIgnore] IReadOnlyList<double?> Series);

/// <summary>What the analysis behind a report looked at.</summary>
/// <param name="From">The begin.</param>
/// <param name="To">The end.</param>
/// <param name="OperationsExamined">How many ended operations.</param>
/// <param name="SamplesExamined">How many minutes of samples, of all hosts together.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record ReportAnalysis(DateTimeOffset From, DateTimeOffset To, long OperationsExamined, long SamplesExamined, double Milliseconds);

/// <summary>Operations over time.</summary>
/// <param name="StepSeconds">The length of a step.</param>
/// <param name="Steps">Each step, oldest first; the first and the last may reach beyond the window, but count within it only.</param>
public sealed record ReportTimeline(double StepSeconds, IReadOnlyList<ReportStep> Steps);

/// <summary>A step of time.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Succeeded">How many succeeded.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="P95">The 95th percentile of durations, or <see langword="null"/> of none.</param>
public sealed record ReportStep(DateTimeOffset Start, long Succeeded, long Failed, double? P95);

/// <summary>Two periods side by side.</summary>
public sealed record ReportComparison(
    ReportRange Range, ReportRange BaseRange, string Test, ReportPair Total, IReadOnlyList<ReportPair> Types, IReadOnlyList<ReportPair> Names)
{
    /// <summary>A comparison as it goes over the wire.</summary>
    public static ReportComparison Of(PeriodComparison comparison) => new(
        ReportRange.Of(comparison.Range), ReportRange.Of(comparison.BaseRange), comparison.Test, ReportPair.Of(comparison.Total),
        [.. comparison.Types.Select(ReportPair.Of)], [.. comparison.Names.Select(ReportPair.Of)]);
}

/// <summary>A type or a name in two periods.</summary>
public sealed record ReportPair(
    MetricType? MetricType, string? OperationName, OutcomeStatistics Statistics, OutcomeStatistics Base,
    double? Ratio, Verdict Verdict, double? PValue, double? SuccessPValue, string Reason)
{
    /// <summary>A pair as it goes over the wire.</summary>
    public static ReportPair Of(ComparedStatistics pair) => new(
        pair.MetricType, pair.Name, pair.Statistics, pair.Base,
        pair.Judgement.Ratio, pair.Judgement.Verdict, pair.Judgement.PValue, pair.Judgement.SuccessPValue, pair.Judgement.Reason);
}
