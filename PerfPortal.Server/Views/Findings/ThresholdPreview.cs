using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Findings;

/// <summary>A bottleneck found with both sets of thresholds.</summary>
/// <param name="Before">The bottleneck with the thresholds in effect.</param>
/// <param name="After">The bottleneck with the proposed thresholds; severity and value may differ.</param>
public sealed record KeptBottleneck(Bottleneck Before, Bottleneck After);

/// <summary>The effect of proposed thresholds compared with those in effect.</summary>
/// <param name="Range">The analyzed range: 24 hours.</param>
/// <param name="OperationsExamined">The number of analyzed operations.</param>
/// <param name="SamplesExamined">The number of analyzed minutes of samples.</param>
/// <param name="Milliseconds">The total duration of both analyses.</param>
/// <param name="Appearing">Bottlenecks found only with the proposed thresholds.</param>
/// <param name="Vanishing">Bottlenecks found only with the thresholds in effect.</param>
/// <param name="Kept">Bottlenecks found with both.</param>
/// <param name="ScoreBefore">The score with the thresholds in effect.</param>
/// <param name="ScoreAfter">The score with the proposed thresholds.</param>
/// <param name="RecommendationsAppearing">Recommendations made only with the proposed thresholds.</param>
/// <param name="RecommendationsVanishing">Recommendations made only with the thresholds in effect.</param>
public sealed record ThresholdEffect(
    TimeRange Range, long OperationsExamined, long SamplesExamined, double Milliseconds,
    IReadOnlyList<Bottleneck> Appearing, IReadOnlyList<Bottleneck> Vanishing, IReadOnlyList<KeptBottleneck> Kept,
    PerformanceScore ScoreBefore, PerformanceScore ScoreAfter,
    IReadOnlyList<Recommendation> RecommendationsAppearing, IReadOnlyList<Recommendation> RecommendationsVanishing);

/// <summary>Evaluates proposed thresholds on past data without storing them.</summary>
internal sealed class ThresholdPreview(AnalysisService analysis, TimeProvider time)
{
    /// <summary>Runs the analysis twice over the same 24 hours and returns the difference.</summary>
    /// <param name="current">The thresholds in effect.</param>
    /// <param name="proposed">The proposed thresholds, within their bounds.</param>
    /// <param name="source">The source; <see langword="null"/> for all except the portal itself.</param>
    /// <param name="at">The end of the 24 hours; now when <see langword="null"/> or in the future.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ThresholdEffect> RunAsync(
        PerformanceThresholds current, PerformanceThresholds proposed, string? source, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = at is { } moment && moment < now ? moment : now;
        var before = await analysis.AnalyzeAsync(source, current, end, cancellationToken).ConfigureAwait(false);
        var after = await analysis.AnalyzeAsync(source, proposed, end, cancellationToken).ConfigureAwait(false);
        return Compare(before, after);
    }

    /// <summary>Compares two analyses of the same range. Bottlenecks are matched by kind and subject.</summary>
    public static ThresholdEffect Compare(AnalysisResult before, AnalysisResult after)
    {
        // Several bottlenecks with the same kind and subject count as one: what matters is whether the subject has one at all.
        var found = before.Bottlenecks.GroupBy(Subject).ToDictionary(group => group.Key, group => group.First());
        var subjects = after.Bottlenecks.Select(Subject).ToHashSet();
        var given = before.Recommendations.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var stays = after.Recommendations.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        return new(
            before.Range, before.OperationsExamined, before.SamplesExamined, before.Milliseconds + after.Milliseconds,
            [.. after.Bottlenecks.Where(item => !found.ContainsKey(Subject(item)))],
            [.. before.Bottlenecks.Where(item => !subjects.Contains(Subject(item)))],
            [.. after.Bottlenecks.Where(item => found.ContainsKey(Subject(item))).Select(item => new KeptBottleneck(found[Subject(item)], item))],
            before.Score, after.Score,
            [.. after.Recommendations.Where(item => !given.Contains(item.Id))],
            [.. before.Recommendations.Where(item => !stays.Contains(item.Id))]);
    }

    private static (string Kind, string? Source, MetricType? Type, string? Name) Subject(Bottleneck item) => item.Kind switch
    {
        BottleneckKinds.Degradation => (item.Kind, item.Source, item.MetricType, item.OperationName),
        _ when BottleneckKinds.IsResource(item.Kind) => (item.Kind, item.Source, null, null),
        _ => (item.Kind, item.Source, item.MetricType, null),
    };
}
