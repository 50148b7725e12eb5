using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>The wire names of the kinds of recommendation.</summary>
public static class RecommendationKinds
{
    /// <summary>Download a file over several connections.</summary>
    public const string ParallelDownloads = "parallel_downloads";

    /// <summary>Limit concurrent downloads.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>Reduce retries.</summary>
    public const string Retries = "retries";

    /// <summary>Cache the results of health checks.</summary>
    public const string HealthCheckCache = "health_check_cache";

    /// <summary>Run health checks less often.</summary>
    public const string HealthCheckFrequency = "health_check_frequency";

    /// <summary>Free memory.</summary>
    public const string MemoryCleanup = "memory_cleanup";

    /// <summary>Free disk space.</summary>
    public const string DiskCleanup = "disk_cleanup";

    /// <summary>Reduce CPU load.</summary>
    public const string CpuLoad = "cpu_load";

    /// <summary>Free GPU memory.</summary>
    public const string GpuMemoryCleanup = "gpu_memory_cleanup";

    /// <summary>Try the most likely alternative first.</summary>
    public const string FallbackOrder = "fallback_order";

    /// <summary>Cache fallback results.</summary>
    public const string FallbackCache = "fallback_cache";

    /// <summary>Provide more compatible alternatives.</summary>
    public const string FallbackCompatibility = "fallback_compatibility";

    /// <summary>Keep a model loaded.</summary>
    public const string ModelLoading = "model_loading";

    /// <summary>Investigate the slowest runs of an operation.</summary>
    public const string TailLatency = "tail_latency";

    /// <summary>Fix the error behind most failures.</summary>
    public const string RecurringFailure = "recurring_failure";

    /// <summary>Collect less, or in larger batches.</summary>
    public const string AnalyticsEfficiency = "analytics_efficiency";
}

/// <summary>Creates one kind of recommendation.</summary>
internal interface IRecommendationRule
{
    /// <summary>Returns the recommendations of the rule.</summary>
    IEnumerable<Recommendation> Advise(AnalysisInput input);
}

/// <summary>All recommendation rules.</summary>
internal static class RecommendationRules
{
    /// <summary>The maximum number of recommendations of one kind; the first ones of the rule are kept. All kinds together stay below the capacity of the store.</summary>
    public const int MaxPerKind = 50;

    public static IReadOnlyList<IRecommendationRule> All { get; } =
    [
        new RecurringFailureRule(), new DiskCleanupRule(), PressureReliefRule.Memory, PressureReliefRule.Cpu, PressureReliefRule.GpuMemory,
        new ParallelDownloadsRule(), new BandwidthRule(), new RetriesRule(), new ModelLoadingRule(),
        new HealthCheckCacheRule(), new HealthCheckFrequencyRule(), new FallbackOrderRule(), new FallbackCacheRule(), new FallbackCompatibilityRule(),
        new TailLatencyRule(), new AnalyticsEfficiencyRule(),
    ];

    public static IReadOnlyList<Recommendation> Advise(AnalysisInput input) => [.. All.SelectMany(rule => rule.Advise(input).Take(MaxPerKind))];
}

/// <summary>The subject of a recommendation.</summary>
/// <param name="MetricType">The type, or <see langword="null"/> for a host.</param>
/// <param name="OperationName">The name, or <see langword="null"/> for the whole type or a host.</param>
/// <param name="Source">The host or service, or <see langword="null"/> for all.</param>
internal readonly record struct Subject(MetricType? MetricType, string? OperationName, string? Source)
{
    /// <summary>The end of the units of gains that are summed up over the window, a day.</summary>
    public const string PerDay = " per day";

    /// <summary>The evidence that says how long a gain was summed up when that was less than a day.</summary>
    public const string ObservedTime = "observed_time";

    public static Subject Of(AnalysisInput input, MetricType type, string? name = null) => new(type, name, input.Source);

    public static Subject Of(HostResources host) => new(null, null, host.Source);

    /// <summary>Creates an open recommendation for this subject.</summary>
    public Recommendation Recommend(
        AnalysisInput input, string kind, string title, string sentence, string action, string condition, ExpectedGain gain,
        params IReadOnlyList<EvidenceNumber> evidence) => new()
        {
            Id = Recommendation.IdOf(kind, MetricType, OperationName, Source),
            Kind = kind,
            Title = title,
            Sentence = sentence,
            Action = action,
            Condition = condition,
            Gain = gain,
            Evidence = gain.Unit.EndsWith(PerDay, StringComparison.Ordinal) && input.ObservedFor(MetricType, OperationName) is { } span ? [.. evidence, new(ObservedTime, span.TotalSeconds, "s")] : evidence,
            MetricType = MetricType,
            OperationName = OperationName,
            Source = Source,
            OpenedAt = input.Now,
            SeenAt = input.Now,
        };
}
