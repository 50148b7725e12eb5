using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>The parameters of an analysis.</summary>
/// <param name="Source">The source to analyse; <see langword="null"/> for all except the portal itself.</param>
/// <param name="Thresholds">The thresholds.</param>
/// <param name="Now">The time of the analysis, UTC; all windows end here.</param>
public sealed record AnalysisRequest(string? Source, PerformanceThresholds Thresholds, DateTimeOffset Now)
{
    /// <summary>The host whose resources are analysed. Default: <see cref="Source"/>, or all hosts when that is <see langword="null"/>.</summary>
    public string? Host { get; init; } = Source;
}

/// <summary>The result of an analysis.</summary>
public sealed record AnalysisResult
{
    /// <summary>The windows that can be configured.</summary>
    public AnalysisWindows Windows { get; init; } = AnalysisWindows.Default;

    /// <summary>The time of the analysis, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The window: the 24 hours before <see cref="At"/>.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>The analysed source, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The duration of the analysis in milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The number of ended operations analysed, of every outcome.</summary>
    public required long OperationsExamined { get; init; }

    /// <summary>The minutes of resource samples analysed, summed over all hosts.</summary>
    public required long SamplesExamined { get; init; }

    /// <summary>The statistics of the window.</summary>
    public required OutcomeStatistics Summary { get; init; }

    /// <summary>The statistics of each of the six metric types.</summary>
    public required IReadOnlyDictionary<MetricType, OutcomeStatistics> Types { get; init; }

    /// <summary>The bottlenecks, critical ones first.</summary>
    public required IReadOnlyList<Bottleneck> Bottlenecks { get; init; }

    /// <summary>The computed recommendations, all open; decisions by people are in <c>RecommendationLedger</c>.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>The score.</summary>
    public required PerformanceScore Score { get; init; }

    /// <summary>The trend of each resource of each host over 6 hours.</summary>
    public required IReadOnlyList<ResourceTrend> Trends { get; init; }
}
