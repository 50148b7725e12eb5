using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Resources;

/// <summary>The display names of resource metrics.</summary>
public static class ResourceNames
{
    /// <summary>Returns the title of a metric by wire name; an unknown name is returned unchanged.</summary>
    public static string Title(string wireName) => ResourceMetrics.Find(wireName)?.Metric switch
    {
        ResourceMetric.CpuPercent => "CPU",
        ResourceMetric.Load1 => "Load, 1 min",
        ResourceMetric.Load5 => "Load, 5 min",
        ResourceMetric.Load15 => "Load, 15 min",
        ResourceMetric.MemoryPercent => "Memory",
        ResourceMetric.MemoryUsedMb => "Memory in use",
        ResourceMetric.MemoryAvailableMb => "Memory available",
        ResourceMetric.SwapUsedMb => "Swap in use",
        ResourceMetric.DiskPercent => "Disk in use",
        ResourceMetric.DiskFreeGb => "Disk free",
        ResourceMetric.DiskReadBytesPerSecond => "Disk read",
        ResourceMetric.DiskWriteBytesPerSecond => "Disk write",
        ResourceMetric.NetworkRxBytesPerSecond => "Network received",
        ResourceMetric.NetworkTxBytesPerSecond => "Network sent",
        ResourceMetric.GpuUtilizationPercent => "GPU",
        ResourceMetric.GpuMemoryUsedMb => "GPU memory in use",
        ResourceMetric.GpuMemoryPercent => "GPU memory",
        ResourceMetric.GpuTemperatureCelsius => "GPU temperature",
        ResourceMetric.GpuPowerWatts => "GPU power",
        ResourceMetric.ProcessCpuPercent => "Process CPU",
        ResourceMetric.ProcessMemoryMb => "Process memory",
        _ => wireName,
    };

    /// <summary>Formats a value with the unit of its metric.</summary>
    public static string Value(string wireName, double? value) => Format.Value(value, ResourceMetrics.Find(wireName)?.Unit);
}
