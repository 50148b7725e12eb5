using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>The response body of <c>POST /optimize</c>.</summary>
internal sealed record OptimizeBody(
    DateTimeOffset GeneratedAt, LookedAtBody LookedAt, IReadOnlyList<BottleneckBody> Bottlenecks, IReadOnlyList<RecommendationBody> Recommendations,
    ScoreBody PerformanceScore, IReadOnlyList<TrendBody> Trends)
{
    /// <summary>Converts an analysis result to its wire form.</summary>
    public static OptimizeBody Of(AnalysisResult result, IEnumerable<Recommendation> recommendations) => new(
        result.At,
        new(RangeBody.Of(result.Range), result.OperationsExamined, result.SamplesExamined, result.Milliseconds, result.Source),
        [.. result.Bottlenecks.Select(BottleneckBody.Of)], [.. recommendations.Select(RecommendationBody.Of)], ScoreBody.Of(result.Score),
        [.. result.Trends.Select(TrendBody.Of)]);
}

/// <summary>The scope of an analysis.</summary>
/// <param name="Range">The window.</param>
/// <param name="Operations">The number of completed operations.</param>
/// <param name="SampleMinutes">Minutes of samples, summed over all hosts.</param>
/// <param name="Milliseconds">The duration of the analysis.</param>
/// <param name="Source">The source that the analysis was limited to.</param>
internal sealed record LookedAtBody(RangeBody Range, long Operations, long SampleMinutes, double Milliseconds, string? Source);

/// <summary>A bottleneck.</summary>
internal sealed record BottleneckBody(
    string Kind, string Severity, string Sentence, double Value, double Threshold, string Unit, DateTimeOffset? Since, string? Source,
    MetricType? MetricType, string? OperationName, EvidenceBody Evidence)
{
    /// <summary>Converts a bottleneck to its wire form.</summary>
    public static BottleneckBody Of(Bottleneck item) => new(
        item.Kind, item.Severity.WireName(), item.Sentence, item.Value, item.Threshold, item.Unit, item.Since, item.Source, item.MetricType, item.OperationName,
        new(item.Evidence.SampleCount, item.Evidence.BeyondLimit, item.Evidence.Share, item.Evidence.Numbers,
            [.. item.Evidence.WorstOperations.Select(ReferenceBody.Of)], [.. item.Evidence.Stretches.Select(RangeBody.Of)],
            [.. item.Evidence.Running.Select(ReferenceBody.Of)]));
}

/// <summary>The evidence of a bottleneck.</summary>
internal sealed record EvidenceBody(
    long SampleCount, long BeyondLimit, double? Share, IReadOnlyList<EvidenceNumber> Numbers, IReadOnlyList<ReferenceBody> WorstOperations,
    IReadOnlyList<RangeBody> Stretches, IReadOnlyList<ReferenceBody> Running);

/// <summary>An operation referenced as evidence.</summary>
internal sealed record ReferenceBody(
    Guid Id, MetricType MetricType, string OperationName, string Source, OperationStatus Status, DateTimeOffset StartTime, double? DurationSeconds, string? ErrorType)
{
    /// <summary>Converts a reference to its wire form.</summary>
    public static ReferenceBody Of(OperationReference item) => new(
        item.Id, item.MetricType, item.Name, item.Source, item.Status, item.StartTime, item.DurationSeconds, item.ErrorType);
}

/// <summary>A recommendation.</summary>
internal sealed record RecommendationBody(
    string Id, string Kind, string Title, string Sentence, string Action, string Condition, IReadOnlyList<EvidenceNumber> Evidence, ExpectedGain ExpectedGain,
    MetricType? MetricType, string? OperationName, string? Source, string State, bool IsCurrent, DateTimeOffset? OpenedAt, DateTimeOffset? SeenAt,
    DateTimeOffset? ChangedAt, string? ChangedBy, string? Note)
{
    /// <summary>Converts a recommendation to its wire form.</summary>
    public static RecommendationBody Of(Recommendation item) => new(
        item.Id, item.Kind, item.Title, item.Sentence, item.Action, item.Condition, item.Evidence, item.Gain, item.MetricType, item.OperationName, item.Source,
        item.State.WireName(), item.IsCurrent, item.OpenedAt == default ? null : item.OpenedAt, item.SeenAt == default ? null : item.SeenAt,
        item.ChangedAt, item.ChangedBy, item.Note);
}

/// <summary>The performance score.</summary>
/// <param name="Value">0–100, or null without enough data.</param>
/// <param name="SufficientData">Whether there is enough data.</param>
/// <param name="Deductions">The points deducted, per cause.</param>
/// <param name="Bonus">The points added for efficient use of resources.</param>
/// <param name="Operations">The number of operations that the score is based on.</param>
internal sealed record ScoreBody(double? Value, bool SufficientData, IReadOnlyList<DeductionBody> Deductions, DeductionBody? Bonus, long Operations)
{
    /// <summary>Converts a score to its wire form.</summary>
    public static ScoreBody Of(PerformanceScore score) => new(
        score.Value, score.SufficientData, [.. score.Deductions.Select(item => new DeductionBody(item.Kind, item.Cause, item.Points))],
        score.Bonus is { } bonus ? new(bonus.Kind, bonus.Cause, bonus.Points) : null, score.Operations);
}

/// <summary>Points deducted from or added to the score.</summary>
internal sealed record DeductionBody(string Kind, string Cause, double Points);

/// <summary>The trend of a resource.</summary>
internal sealed record TrendBody(
    string Resource, string Source, string Direction, double? SlopePerHour, string Unit, double? PValue, int Points, string? Reason)
{
    /// <summary>Converts a trend to its wire form.</summary>
    public static TrendBody Of(ResourceTrend trend) => new(
        trend.Resource, trend.Source, trend.Direction.WireName(), trend.SlopePerHour, trend.Unit, trend.PValue, trend.Points, trend.Reason);
}

/// <summary>The benchmark of one operation name.</summary>
internal sealed record BenchmarkBody(
    MetricType MetricType, string OperationName, OutcomeStatistics Statistics, OutcomeStatistics? Baseline, double? Ratio, string Verdict, double? PValue,
    double? SuccessPValue, string? Reason)
{
    /// <summary>Converts a benchmark to its wire form.</summary>
    /// <exception cref="InvalidOperationException">The item does not belong to a single operation name.</exception>
    public static BenchmarkBody Of(ComparedStatistics item) => new(
        item.MetricType!.Value, item.Name!, item.Statistics, item.HasBase ? item.Base : null, item.Judgement.Ratio, item.Judgement.Verdict.WireName(), item.Judgement.PValue,
        item.Judgement.SuccessPValue, item.Judgement.Reason);
}

/// <summary>A list of benchmarks.</summary>
internal sealed record BenchmarksBody(
    IReadOnlyList<BenchmarkBody> Items, RangeBody Range, RangeBody BaselineRange, string Baseline, string Test, string? NextCursor = null)
{
    /// <summary>Converts benchmarks to their wire form.</summary>
    public static BenchmarksBody Of(BenchmarkAnswer answer) => new(
        [.. answer.Items.Select(BenchmarkBody.Of)], RangeBody.Of(answer.Range), RangeBody.Of(answer.BaselineRange), answer.BaselineKind, answer.Test);
}

/// <summary>The statistics of two periods.</summary>
internal sealed record PairBody(
    MetricType? MetricType, string? OperationName, OutcomeStatistics Statistics, OutcomeStatistics Base, double? Ratio, string Verdict, double? PValue,
    double? SuccessPValue, string? Reason)
{
    /// <summary>Converts a pair to its wire form.</summary>
    public static PairBody Of(ComparedStatistics pair) => new(
        pair.MetricType, pair.Name, pair.Statistics, pair.Base, pair.Judgement.Ratio, pair.Judgement.Verdict.WireName(), pair.Judgement.PValue,
        pair.Judgement.SuccessPValue, pair.Judgement.Reason);
}

/// <summary>A comparison of two periods.</summary>
internal sealed record CompareBody(
    RangeBody Range, RangeBody BaseRange, string Test, PairBody Total, IReadOnlyList<PairBody> ByType, IReadOnlyList<PairBody> ByName)
{
    /// <summary>Converts a comparison to its wire form.</summary>
    public static CompareBody Of(PeriodComparison comparison) => new(
        RangeBody.Of(comparison.Range), RangeBody.Of(comparison.BaseRange), comparison.Test, PairBody.Of(comparison.Total),
        [.. comparison.Types.Select(PairBody.Of)], [.. comparison.Names.Select(PairBody.Of)]);
}
