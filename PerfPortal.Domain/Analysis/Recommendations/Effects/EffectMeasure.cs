using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Analysis.Recommendations.Effects;

/// <summary>What shows whether a recommendation helped.</summary>
/// <param name="Name">The name, snake_case.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Metric">The resource metric; <see langword="null"/> for operations.</param>
/// <param name="MoreIsBetter">Whether a larger value is an improvement.</param>
public sealed record EffectMeasure(string Name, string Unit, ResourceMetric? Metric = null, bool MoreIsBetter = false)
{
    /// <summary>The duration of operations, by geometric means within names.</summary>
    public static readonly EffectMeasure Duration = new("duration", "s");

    /// <summary>The share of failed operations.</summary>
    public static readonly EffectMeasure FailureRate = new("failure_rate", "share");

    /// <summary>The total duration of all operations per hour.</summary>
    public static readonly EffectMeasure TimePerHour = new("time_per_hour", "s");

    /// <summary>The 95th percentile of the duration, per hour.</summary>
    public static readonly EffectMeasure Tail = new("p95_duration", "s");

    /// <summary>Returns the measure of a kind of recommendation.</summary>
    public static EffectMeasure Of(Recommendation item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Kind switch
        {
            RecommendationKinds.RecurringFailure => FailureRate,
            RecommendationKinds.HealthCheckCache or RecommendationKinds.HealthCheckFrequency or RecommendationKinds.FallbackCache or RecommendationKinds.AnalyticsEfficiency
                or RecommendationKinds.ModelLoading => TimePerHour,
            RecommendationKinds.TailLatency => Tail,
            RecommendationKinds.MemoryCleanup => Resource(ResourceMetric.MemoryPercent),
            RecommendationKinds.CpuLoad => Resource(ResourceMetric.CpuPercent),
            RecommendationKinds.GpuMemoryCleanup => Resource(ResourceMetric.GpuMemoryPercent),
            RecommendationKinds.DiskCleanup => Resource(ResourceMetric.DiskFreeGb) with { MoreIsBetter = true },
            _ => Duration,
        };
    }

    private static EffectMeasure Resource(ResourceMetric metric) => new(metric.Info().WireName, metric.Info().Unit, metric);
}
