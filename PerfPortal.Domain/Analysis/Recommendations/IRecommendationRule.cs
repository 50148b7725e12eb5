using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>The wire names of the kinds of recommendation.</summary>
public static class RecommendationKinds
{
    /// <summary>Download a file over several connections at once.</summary>
    public const string ParallelDownloads = "parallel_downloads";

    /// <summary>Run downloads one after another, or share the bandwidth out.</summary>
    public const string Bandwidth = "bandwidth";

    /// <summary>Make retries rarer.</summary>
    public const string Retries = "retries";

    /// <summary>Keep the results of health checks.</summary>
    public const string HealthCheckCache = "health_check_cache";

    /// <summary>Check less often.</summary>
    public const string HealthCheckFrequency = "health_check_frequency";

    /// <summary>Free memory.</summary>
    public const string MemoryCleanup = "memory_cleanup";

    /// <summary>Free disk space.</summary>
    public const string DiskCleanup = "disk_cleanup";

    /// <summary>Run less at once.</summary>
    public const string CpuLoad = "cpu_load";

    /// <summary>Free graphics memory.</summary>
    public const string GpuMemoryCleanup = "gpu_memory_cleanup";

    /// <summary>Try the likeliest alternative first.</summary>
    public const string FallbackOrder = "fallback_order";

    /// <summary>Keep the answers of fallbacks.</summary>
    public const string FallbackCache = "fallback_cache";

    /// <summary>Keep alternatives that fit better.</summary>
    public const string FallbackCompatibility = "fallback_compatibility";

    /// <summary>Keep a model loaded.</summary>
    public const string ModelLoading = "model_loading";

    /// <summary>Look into the slowest runs of an operation.</summary>
    public const string TailLatency = "tail_latency";

    /// <summary>Remove the error behind most failures.</summary>
    public const string RecurringFailure = "recurring_failure";

    /// <summary>Collect less, or in larger batches.</summary>
    public const string AnalyticsEfficiency = "analytics_efficiency";
}

/// <summary>Gives one kind of recommendation.</summary>
internal interface IRecommendationRule
{
    /// <summary>What the rule recommends.</summary>
    IEnumerable<Recommendation> Advise(AnalysisInput input);
}

/// <summary>Every rule.</summary>
internal static class RecommendationRules
{
    /// <summary>At most so many of one kind: the first that the rule gives.</summary>
    public const int MaxPerKind = 10;

    public static IReadOnlyList<IRecommendationRule> All { get; } =
    [
        new RecurringFailureRule(), new DiskCleanupRule(), PressureReliefRule.Memory, PressureReliefRule.Cpu, PressureReliefRule.GpuMemory,
        new ParallelDownloadsRule(), new BandwidthRule(), new RetriesRule(), new ModelLoadingRule(),
        new HealthCheckCacheRule(), new HealthCheckFrequencyRule(), new FallbackOrderRule(), new FallbackCacheRule(), new FallbackCompatibilityRule(),
        new TailLatencyRule(), new AnalyticsEfficiencyRule(),
    ];

    public static IReadOnlyList<Recommendation> Advise(AnalysisInput input) => [.. All.SelectMany(rule => rule.Advise(input).Take(MaxPerKind))];
}

/// <summary>What a recommendation is about.</summary>
/// <param name="MetricType">The type, or <see langword="null"/> for a host.</param>
/// <param name="OperationName">The name, or <see langword="null"/> for the whole type or a host.</param>
/// <param name="Source">The host or service, or <see langword="null"/> for all.</param>
internal readonly record struct Subject(MetricType? MetricType, string? OperationName, string? Source)
{
    public static Subject Of(AnalysisInput input, MetricType type, string? name = null) => new(type, name, input.Source);

    public static Subject Of(HostResources host) => new(null, null, host.Source);

    /// <summary>A fresh recommendation on this subject.</summary>
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
            Evidence = evidence,
            MetricType = MetricType,
            OperationName = OperationName,
            Source = Source,
            OpenedAt = input.Now,
            SeenAt = input.Now,
        };
}
