using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Suggestions;

/// <summary>
/// The lowest values that are suggested for thresholds, by what they mean: a host at 49 % has half of its capacity left, however unusual that is for it (what is unusual is an anomaly).
/// </summary>
internal static class SuggestionFloors
{
    /// <summary>The failure rate from which one failure in fifty is more than single failures of a small day.</summary>
    public const double FailureRate = 0.02;

    private const double SlowShare = 0.1;

    /// <summary>
    /// The usage of a resource in per cent: at 70 % of the processors queues begin to grow; memory is used up to 75 % by caches that give way; GPU memory is reserved in blocks and works up to 80 %.
    /// </summary>
    public static double Percent(ResourceMetric metric) => metric switch
    {
        ResourceMetric.CpuPercent => 70,
        ResourceMetric.MemoryPercent => 75,
        _ => 80,
    };

    /// <summary>A tenth of the limit that a type has by default, seconds: what takes less is fast for its kind.</summary>
    public static double SlowSeconds(MetricType type) => SlowShare * PerformanceThresholds.Default.SlowLimit(type);
}
