using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking;

/// <summary>The host's resources at the start and the end of an operation, as its <c>resource_usage</c> names them.</summary>
public static class ResourceUsage
{
    private static readonly (ResourceMetric Metric, string Start, string End)[] Kept =
    [
        .. new[] { ResourceMetric.CpuPercent, ResourceMetric.MemoryPercent, ResourceMetric.GpuUtilizationPercent, ResourceMetric.GpuMemoryUsedMb }
            .Select(metric => (metric, "start_" + metric.Info().WireName, "end_" + metric.Info().WireName)),
    ];

    /// <summary>What two samples say; <see langword="null"/> when neither says anything.</summary>
    public static IReadOnlyDictionary<string, double>? Of(ResourceSample? start, ResourceSample? end)
    {
        Dictionary<string, double>? usage = null;
        foreach (var (metric, startName, endName) in Kept)
        {
            if (start?[metric] is { } before)
            {
                (usage ??= [])[startName] = before;
            }

            if (end?[metric] is { } after)
            {
                (usage ??= [])[endName] = after;
            }
        }

        return usage;
    }
}
