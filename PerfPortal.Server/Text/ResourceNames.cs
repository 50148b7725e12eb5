using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>The display names of resource metrics.</summary>
internal static class ResourceNames
{
    /// <summary>Returns the title of a metric by wire name; an unknown name is returned unchanged.</summary>
    public static string Title(string wireName) => ResourceMetrics.Find(wireName)?.Metric switch
    {
        ResourceMetric.CpuPercent => "CPU",
        ResourceMetric.MemoryPercent => "Memory",
        ResourceMetric.MemoryUsedMb => "Memory in use",
        ResourceMetric.GpuUtilizationPercent => "GPU",
        ResourceMetric.GpuMemoryUsedMb => "GPU memory in use",
        _ => wireName,
    };

    /// <summary>Formats a value with the unit of its metric.</summary>
    public static string Value(string wireName, double? value) => Format.Value(value, ResourceMetrics.Find(wireName)?.Unit);
}
