using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Findings;

/// <summary>A bottleneck that both sets of thresholds find.</summary>
/// <param name="Before">As the thresholds in force find it.</param>
/// <param name="After">As the proposed ones find it; severity and number may differ.</param>
public sealed record KeptBottleneck(Bottleneck Before, Bottleneck After);

/// <summary>What proposed thresholds would have found, against those in force.</summary>
/// <param name="Range">The range that was looked at: 24 hours.</param>
/// <param name="OperationsExamined">How many ended operations it is over.</param>
/// <param name="SamplesExamined">How many minutes of samples it is over.</param>
/// <param name="Milliseconds">How long both analyses took together.</param>
/// <param name="Appearing">Bottlenecks that only the proposed thresholds find.</param>
/// <param name="Vanishing">Bottlenecks that only the thresholds in force find.</param>
/// <param name="Kept">Bottlenecks that both find.</param>
/// <param name="ScoreBefore">The score by the thresholds in force.</param>
/// <param name="ScoreAfter">The score by the proposed ones.</param>
/// <param name="RecommendationsAppearing">Recommendations that only the proposed thresholds give.</param>
/// <param name="RecommendationsVanishing">Recommendations that only the thresholds in force give.</param>
public sealed record ThresholdEffect(
    TimeRange Range, long OperationsExamined, long SamplesExamined, double Milliseconds,
    IReadOnlyList<Bottleneck> Appearing, IReadOnlyList<Bottleneck> Vanishing, IReadOnlyList<KeptBottleneck> Kept,
    PerformanceScore ScoreBefore, PerformanceScore ScoreAfter,
    IReadOnlyList<Recommendation> RecommendationsAppearing, IReadOnlyList<Recommendation> RecommendationsVanishing);

/// <summary>Tries thresholds on the past before anybody saves them. Nothing is written.</summary>
internal sealed class ThresholdPreview(PerformanceAnalyzer analyzer, TimeProvider time)
{
    /// <summary>Runs the analysis twice over the same 24 hours and tells the difference.</summary>
    /// <param name="current">The thresholds in force.</param>
    /// <param name="proposed">The proposed thresholds, within their bounds.</param>
    /// <param name="source">Only this source; <see langword="null"/> for all but the portal itself.</param>
    /// <param name="at">Where the 24 hours end; now when <see langword="null"/> or in the future.</param>
    /// <param name="cancellationToken">Stops the analyses.</param>
    public async Task<ThresholdEffect> RunAsync(
        PerformanceThresholds current, PerformanceThresholds proposed, string? source, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = at is { } moment && moment < now ? moment : now;
        var before = await analyzer.AnalyzeAsync(AnalysisService.RequestOf(source, current, end), cancellationToken).ConfigureAwait(false);
        var after = await analyzer.AnalyzeAsync(AnalysisService.RequestOf(source, proposed, end), cancellationToken).ConfigureAwait(false);
        return Compare(before, after);
    }

    /// <summary>The difference of two analyses of the same range. A bottleneck is the same when kind and subject are.</summary>
    public static ThresholdEffect Compare(AnalysisResult before, AnalysisResult after)
    {
        // Two of one subject, if a rule ever finds them, count as one: what people ask is whether the subject is named at all.
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

    private static (string Kind, string? Source, MetricType? Type, string? Name) Subject(Bottleneck item) => item.Kind == BottleneckKinds.Degradation
        ? (item.Kind, item.Source, item.MetricType, item.OperationName)
        : (item.Kind, item.Source, null, null);
}
