using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking;

/// <summary>Creates the <c>resource_usage</c> of an operation: the resources of the host at its start and end.</summary>
public static class ResourceUsage
{
    private static readonly (ResourceMetric Metric, string Start, string End)[] Kept =
    [
        .. new[] { ResourceMetric.CpuPercent, ResourceMetric.MemoryPercent, ResourceMetric.GpuUtilizationPercent, ResourceMetric.GpuMemoryUsedMb }
            .Select(metric => (metric, "start_" + metric.Info().WireName, "end_" + metric.Info().WireName)),
    ];

    /// <summary>Creates the resource usage from two samples; returns <see langword="null"/> when neither has values.</summary>
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
