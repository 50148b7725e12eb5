using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>Resource metrics as people call them.</summary>
internal static class ResourceNames
{
    /// <summary>The title of a metric by its wire name; an unknown name is its own title.</summary>
    public static string Title(string wireName) => ResourceMetrics.Find(wireName)?.Metric switch
    {
        ResourceMetric.CpuPercent => "CPU",
        ResourceMetric.MemoryPercent => "Memory",
        ResourceMetric.MemoryUsedMb => "Memory in use",
        ResourceMetric.GpuUtilizationPercent => "GPU",
        ResourceMetric.GpuMemoryUsedMb => "GPU memory in use",
        _ => wireName,
    };

    /// <summary>A value with the unit of its metric.</summary>
    public static string Value(string wireName, double? value) => Format.Value(value, ResourceMetrics.Find(wireName)?.Unit);
}
