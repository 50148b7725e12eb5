using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>An analysis that is asked for.</summary>
/// <param name="Source">Only this source; <see langword="null"/> for all but the portal itself.</param>
/// <param name="Thresholds">The limits.</param>
/// <param name="Now">The moment of the analysis, UTC; windows end here.</param>
public sealed record AnalysisRequest(string? Source, PerformanceThresholds Thresholds, DateTimeOffset Now)
{
    /// <summary>Only the resources of this host; by default those of <see cref="Source"/>, or of all hosts without one.</summary>
    public string? Host { get; init; } = Source;
}

/// <summary>What an analysis found, and what it looked at.</summary>
public sealed record AnalysisResult
{
    /// <summary>The moment of the analysis, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The window: the 24 hours before <see cref="At"/>.</summary>
    public required TimeRange Range { get; init; }

    /// <summary>The source that was looked at, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>How long the analysis took, milliseconds.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>How many ended operations it is over, of every outcome.</summary>
    public required long OperationsExamined { get; init; }

    /// <summary>How many minutes of resource samples it is over, of all hosts together.</summary>
    public required long SamplesExamined { get; init; }

    /// <summary>The statistics of the window.</summary>
    public required OutcomeStatistics Summary { get; init; }

    /// <summary>The statistics of each of the six metric types.</summary>
    public required IReadOnlyDictionary<MetricType, OutcomeStatistics> Types { get; init; }

    /// <summary>The bottlenecks, critical ones first.</summary>
    public required IReadOnlyList<Bottleneck> Bottlenecks { get; init; }

    /// <summary>The recommendations as freshly computed: open, without what people decided; see <c>RecommendationLedger</c>.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>The score.</summary>
    public required PerformanceScore Score { get; init; }

    /// <summary>The trend of each resource of each host over 6 hours.</summary>
    public required IReadOnlyList<ResourceTrend> Trends { get; init; }
}
