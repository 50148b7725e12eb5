using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>The result of an analysis.</summary>
/// <param name="GeneratedAt">When the analysis ended.</param>
/// <param name="LookedAt">The scope of the analysis.</param>
/// <param name="Bottlenecks">The bottlenecks, critical ones first.</param>
/// <param name="Recommendations">The recommendations that the analysis makes.</param>
/// <param name="PerformanceScore">The performance score.</param>
/// <param name="Trends">The trend of each resource of each host.</param>
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

/// <summary>A performance problem, with its evidence.</summary>
/// <param name="Kind">The kind, such as <c>slow_operations</c>, <c>high_failure_rate</c>, <c>high_cpu</c>, <c>high_memory</c>, <c>low_disk</c>, <c>high_gpu_memory</c> or <c>degradation</c>.</param>
/// <param name="Severity"><c>warning</c> or <c>critical</c>.</param>
/// <param name="Sentence">A one-sentence description with the measured value.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Threshold">The threshold that the value exceeded.</param>
/// <param name="Unit">The unit of value and threshold: <c>share</c> (0–1), <c>GiB</c> or <c>ratio</c>.</param>
/// <param name="Since">When it started; null when unknown.</param>
/// <param name="Source">The affected host or service; null for all.</param>
/// <param name="MetricType">The affected metric type, or the one that contributes most.</param>
/// <param name="OperationName">The affected operation name, or the one that contributes most.</param>
/// <param name="Evidence">The evidence.</param>
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
/// <param name="SampleCount">The number of operations, or of minutes with samples.</param>
/// <param name="BeyondLimit">The number of samples beyond the limit.</param>
/// <param name="Share">The share beyond the limit, 0–1.</param>
/// <param name="Numbers">Additional numbers, such as the p-value of a test.</param>
/// <param name="WorstOperations">The worst operations, at most 5.</param>
/// <param name="Stretches">The longest periods in which a resource was beyond its limit, at most 20, in chronological order.</param>
/// <param name="Running">Operations that were running in the longest period, longest first, at most 10.</param>
internal sealed record EvidenceBody(
    long SampleCount, long BeyondLimit, double? Share, IReadOnlyList<EvidenceNumber> Numbers, IReadOnlyList<ReferenceBody> WorstOperations,
    IReadOnlyList<RangeBody> Stretches, IReadOnlyList<ReferenceBody> Running);

/// <summary>An operation referenced as evidence.</summary>
/// <param name="Id">The id.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name.</param>
/// <param name="Source">The source that reported it.</param>
/// <param name="Status">The status when the evidence was collected.</param>
/// <param name="StartTime">The start time.</param>
/// <param name="DurationSeconds">The duration in seconds; null while it was running.</param>
/// <param name="ErrorType">The error type, if it failed.</param>
internal sealed record ReferenceBody(
    Guid Id, MetricType MetricType, string OperationName, string Source, OperationStatus Status, DateTimeOffset StartTime, double? DurationSeconds, string? ErrorType)
{
    /// <summary>Converts a reference to its wire form.</summary>
    public static ReferenceBody Of(OperationReference item) => new(
        item.Id, item.MetricType, item.Name, item.Source, item.Status, item.StartTime, item.DurationSeconds, item.ErrorType);
}

/// <summary>A recommendation: what to change, why, and the expected gain.</summary>
/// <param name="Id">The id, which stays the same for the same kind and subject: 32 hex digits.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Title">A short title.</param>
/// <param name="Sentence">A one-sentence description with the measured value.</param>
/// <param name="Action">The recommended action.</param>
/// <param name="Condition">The condition under which it is made, with the threshold values.</param>
/// <param name="Evidence">The measured numbers behind it.</param>
/// <param name="ExpectedGain">The expected gain.</param>
/// <param name="MetricType">The affected metric type; null for a host.</param>
/// <param name="OperationName">The affected operation name; null for the whole type or a host.</param>
/// <param name="Source">The affected host or service; null for all.</param>
/// <param name="State"><c>open</c>, <c>applied</c> or <c>dismissed</c>.</param>
/// <param name="IsCurrent">Whether the latest analysis still makes this recommendation.</param>
/// <param name="OpenedAt">When it was first made.</param>
/// <param name="SeenAt">When it was last made.</param>
/// <param name="ChangedAt">When its state was last changed; null if never.</param>
/// <param name="ChangedBy">Who last changed its state.</param>
/// <param name="Note">The note of the last decision.</param>
/// <param name="Cause">What it has in common with others of its kind, such as an error type; null when the kind alone describes it.</param>
/// <param name="Effect">What it did since it was applied; null until that is measured.</param>
/// <param name="KindHelped">How many applied recommendations of this kind helped.</param>
/// <param name="KindMeasured">How many of them have a verdict.</param>
internal sealed record RecommendationBody(
    string Id, string Kind, string Title, string Sentence, string Action, string Condition, IReadOnlyList<EvidenceNumber> Evidence, ExpectedGain ExpectedGain,
    MetricType? MetricType, string? OperationName, string? Source, string State, bool IsCurrent, DateTimeOffset? OpenedAt, DateTimeOffset? SeenAt,
    DateTimeOffset? ChangedAt, string? ChangedBy, string? Note, string? Cause = null, EffectBody? Effect = null, int KindHelped = 0,
    int KindMeasured = 0)
{
    /// <summary>Converts a recommendation to its wire form.</summary>
    public static RecommendationBody Of(Recommendation item) => new(
        item.Id, item.Kind, item.Title, item.Sentence, item.Action, item.Condition, item.Evidence, item.Gain, item.MetricType, item.OperationName, item.Source,
        item.State.WireName(), item.IsCurrent, item.OpenedAt == default ? null : item.OpenedAt, item.SeenAt == default ? null : item.SeenAt,
        item.ChangedAt, item.ChangedBy, item.Note, item.Cause, item.Effect is { } effect ? EffectBody.Of(effect) : null, item.KindRecord.Helped, item.KindRecord.Measured);
}

/// <summary>What an applied recommendation did: its measure after it was applied against the same times of day before.</summary>
/// <param name="Verdict"><c>too_early</c>, <c>helped</c>, <c>no_effect</c> or <c>harmed</c>.</param>
/// <param name="Measure"><c>duration</c>, <c>failure_rate</c>, <c>time_per_hour</c>, <c>p95_duration</c> or a resource metric.</param>
/// <param name="Unit">The unit of before and after.</param>
/// <param name="Before">The measure before; null when it was not measured.</param>
/// <param name="After">The measure after.</param>
/// <param name="Change">The relative change, 0.1 for 10 % more; for a failure rate the difference of the shares.</param>
/// <param name="ChangeLow">The lower end of its 95 % interval.</param>
/// <param name="ChangeHigh">The upper end.</param>
/// <param name="BeforeRange">The period before.</param>
/// <param name="AfterRange">The period after.</param>
/// <param name="Samples">The operations, or hours, after.</param>
/// <param name="Sentence">The result in one sentence.</param>
internal sealed record EffectBody(
    string Verdict, string Measure, string Unit, double? Before, double? After, double? Change, double? ChangeLow, double? ChangeHigh, RangeBody BeforeRange, RangeBody AfterRange, long Samples,
    string Sentence)
{
    /// <summary>Converts an effect to its wire form.</summary>
    public static EffectBody Of(RecommendationEffect effect) => new(
        effect.Verdict.WireName(), effect.Measure, effect.Unit, effect.Before, effect.After, effect.Change, effect.Low, effect.High,
        new(effect.BeforeRange.From, effect.BeforeRange.To, "hour"), new(effect.AfterRange.From, effect.AfterRange.To, "hour"), effect.Samples, effect.Sentence);
}

/// <summary>The performance score.</summary>
/// <param name="Value">0–100, or null without enough data.</param>
/// <param name="SufficientData">Whether there is enough data.</param>
/// <param name="Deductions">The points deducted, per cause.</param>
/// <param name="Bonus">The points added for efficient use of resources.</param>
/// <param name="Operations">The number of operations in the 24 hours.</param>
/// <param name="Sufficiency">How much data the score is based on; null without a score.</param>
internal sealed record ScoreBody(
    double? Value, bool SufficientData, IReadOnlyList<DeductionBody> Deductions, DeductionBody? Bonus, long Operations, ScoreSufficiency? Sufficiency = null)
{
    /// <summary>Converts a score to its wire form.</summary>
    public static ScoreBody Of(PerformanceScore score) => new(
        score.Value, score.SufficientData, [.. score.Deductions.Select(DeductionBody.Of)],
        score.Bonus is { } bonus ? DeductionBody.Of(bonus) : null, score.Operations, score.Sufficiency);
}

/// <summary>Points deducted from or added to the score.</summary>
/// <param name="Kind">A machine-readable kind, such as <c>p95_duration</c> or the kind of a bottleneck.</param>
/// <param name="Cause">A one-sentence description with the measured value.</param>
/// <param name="Points">The points, above 0.</param>
/// <param name="MetricType">The metric type that it is about; null for several or none.</param>
/// <param name="OperationName">The operation name that it is about, the worst one of several; null for none.</param>
/// <param name="Source">The host that it is about; null for none.</param>
/// <param name="Remedy">What would give the points back, in one sentence with numbers; null for a bonus.</param>
internal sealed record DeductionBody(
    string Kind, string Cause, double Points, MetricType? MetricType = null, string? OperationName = null, string? Source = null, string? Remedy = null)
{
    /// <summary>Converts a deduction to its wire form.</summary>
    public static DeductionBody Of(ScoreDeduction item) => new(item.Kind, item.Cause, item.Points, item.MetricType, item.OperationName, item.Source, item.Remedy);
}

/// <summary>The trend of a resource.</summary>
/// <param name="Resource"><c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>network</c> or <c>gpu</c>.</param>
/// <param name="Source">The host.</param>
/// <param name="Direction"><c>stable</c>, <c>increasing</c>, <c>decreasing</c> or <c>unknown</c>.</param>
/// <param name="SlopePerHour">The slope of the measure in the unit per hour; null when unknown.</param>
/// <param name="Unit">The unit of the slope.</param>
/// <param name="PValue">The two-sided p-value, 0–1; null when unknown.</param>
/// <param name="Points">The number of points tested.</param>
/// <param name="Reason">Why the trend is unknown; otherwise null.</param>
/// <param name="Measure">What the direction and the slope are of: <c>cpu_percent</c>, <c>memory_percent</c>, <c>disk_free_gb</c>, <c>disk_free_percent</c>, <c>network_bytes_per_second</c> or <c>gpu_utilization_percent</c>.</param>
internal sealed record TrendBody(
    string Resource, string Source, string Direction, double? SlopePerHour, string Unit, double? PValue, int Points, string? Reason, string Measure)
{
    /// <summary>Converts a trend to its wire form.</summary>
    public static TrendBody Of(ResourceTrend trend) => new(
        trend.Resource, trend.Source, trend.Direction.WireName(), trend.SlopePerHour, trend.Unit, trend.PValue, trend.Points, trend.Reason, trend.Measure);
}

/// <summary>The benchmark of one operation name.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="OperationName">The operation name.</param>
/// <param name="Statistics">The statistics of the range.</param>
/// <param name="Baseline">The statistics of the baseline; null when it has no operations of this name.</param>
/// <param name="Ratio">The median duration divided by that of the base; null without enough data.</param>
/// <param name="Verdict"><c>improved</c>, <c>unchanged</c>, <c>regressed</c> or <c>insufficient_data</c>.</param>
/// <param name="PValue">The p-value of the test of durations; null without enough data.</param>
/// <param name="SuccessPValue">The p-value of the test of success rates; null without enough data.</param>
/// <param name="Reason">What the verdict is based on, in one sentence.</param>
/// <param name="LeastDetectableChange">The smallest slowdown that this comparison would have found in four of five cases, 0.08 for 8 %; null without enough data.</param>
internal sealed record BenchmarkBody(
    MetricType MetricType, string OperationName, OutcomeStatistics Statistics, OutcomeStatistics? Baseline, double? Ratio, string Verdict, double? PValue,
    double? SuccessPValue, string? Reason, double? LeastDetectableChange = null)
{
    /// <summary>Converts a benchmark to its wire form.</summary>
    /// <exception cref="InvalidOperationException">The item does not belong to a single operation name.</exception>
    public static BenchmarkBody Of(ComparedStatistics item) => new(
        item.MetricType!.Value, item.Name!, item.Statistics, item.HasBase ? item.Base : null, item.Judgement.Ratio, item.Judgement.Verdict.WireName(), item.Judgement.PValue,
        item.Judgement.SuccessPValue, item.Judgement.Reason, item.Judgement.LeastDetectable);
}

/// <summary>A list of benchmarks.</summary>
/// <param name="Items">The benchmarks.</param>
/// <param name="Range">The range.</param>
/// <param name="BaselineRange">The range of the baseline.</param>
/// <param name="Baseline"><c>previous</c> or <c>pinned</c>.</param>
/// <param name="Test">The tests behind the verdicts.</param>
/// <param name="Total">All operations, judged by what the names did.</param>
/// <param name="ByType">Each metric type, judged by what its names did.</param>
/// <param name="NextCursor">Always null: the list is complete.</param>
internal sealed record BenchmarksBody(
    IReadOnlyList<BenchmarkBody> Items, RangeBody Range, RangeBody BaselineRange, string Baseline, string Test, PairBody Total, IReadOnlyList<PairBody> ByType,
    string? NextCursor = null)
{
    /// <summary>Converts benchmarks to their wire form.</summary>
    public static BenchmarksBody Of(BenchmarkAnswer answer) => new(
        [.. answer.Items.Select(BenchmarkBody.Of)], RangeBody.Of(answer.Range), RangeBody.Of(answer.BaselineRange), answer.BaselineKind, answer.Test,
        PairBody.Of(answer.Total), [.. answer.Types.Select(PairBody.Of)]);
}

/// <summary>The statistics of two periods.</summary>
/// <param name="MetricType">The metric type; null for the total.</param>
/// <param name="OperationName">The operation name; null for the total and for a whole type.</param>
/// <param name="Statistics">The statistics of the range.</param>
/// <param name="Base">The statistics of the base.</param>
/// <param name="Ratio">The median duration divided by that of the base; null without enough data.</param>
/// <param name="Verdict"><c>improved</c>, <c>unchanged</c>, <c>regressed</c> or <c>insufficient_data</c>.</param>
/// <param name="PValue">The p-value of the test of durations; null without enough data.</param>
/// <param name="SuccessPValue">The p-value of the test of success rates; null without enough data.</param>
/// <param name="Reason">What the verdict is based on.</param>
/// <param name="TotalRatio">Above the level of a name: the geometric mean of all durations divided by that of the base; null for a name, and when either has none.</param>
/// <param name="PerformanceRatio">The part of it that the names themselves account for, each weighed with its share of the base; the verdict is on this part. Null when no name ended in both.</param>
/// <param name="MixRatio">The part that the changed shares account for, names that appear or vanish included: the total divided by the performance.</param>
/// <param name="Split">Above the level of a name: the interval, the same parts of the success rate, and the names that contribute most; null for a name.</param>
internal sealed record PairBody(
    MetricType? MetricType, string? OperationName, OutcomeStatistics Statistics, OutcomeStatistics Base, double? Ratio, string Verdict, double? PValue,
    double? SuccessPValue, string? Reason, double? TotalRatio = null, double? PerformanceRatio = null, double? MixRatio = null, SplitBody? Split = null)
{
    /// <summary>Converts a pair to its wire form.</summary>
    public static PairBody Of(ComparedStatistics pair) => new(
        pair.MetricType, pair.Name, pair.Statistics, pair.Base, pair.Judgement.Ratio, pair.Judgement.Verdict.WireName(), pair.Judgement.PValue,
        pair.Judgement.SuccessPValue, pair.Judgement.Reason, pair.Judgement.Split?.TotalRatio, pair.Judgement.Split?.PerformanceRatio, pair.Judgement.Split?.MixRatio,
        SplitBody.Of(pair.Judgement.Split));
}

/// <summary>A comparison of two periods.</summary>
/// <param name="Range">The range.</param>
/// <param name="BaseRange">The base.</param>
/// <param name="Test">The tests behind the verdicts.</param>
/// <param name="Total">All operations.</param>
/// <param name="ByType">Each metric type.</param>
/// <param name="ByName">Each operation name.</param>
internal sealed record CompareBody(
    RangeBody Range, RangeBody BaseRange, string Test, PairBody Total, IReadOnlyList<PairBody> ByType, IReadOnlyList<PairBody> ByName)
{
    /// <summary>Converts a comparison to its wire form.</summary>
    public static CompareBody Of(PeriodComparison comparison) => new(
        RangeBody.Of(comparison.Range), RangeBody.Of(comparison.BaseRange), comparison.Test, PairBody.Of(comparison.Total),
        [.. comparison.Types.Select(PairBody.Of)], [.. comparison.Names.Select(PairBody.Of)]);
}
