using System.Collections.Frozen;

namespace PerfPortal.Domain.Resources;

/// <summary>One scalar of a resource sample. The numeric values are stored in rollups; append, never renumber.</summary>
public enum ResourceMetric : byte
{
    /// <summary>Usage of all processors, 0–100; in a container, of its CPU limit.</summary>
    CpuPercent = 0,

    /// <summary>Number of available processors (may be fractional in a container with a CPU limit).</summary>
    CpuCount = 1,

    /// <summary>Runnable tasks, mean over one minute.</summary>
    Load1 = 2,

    /// <summary>Runnable tasks, mean over five minutes.</summary>
    Load5 = 3,

    /// <summary>Runnable tasks, mean over fifteen minutes.</summary>
    Load15 = 4,

    /// <summary>Memory usage, 0–100; in a container, of its limit.</summary>
    MemoryPercent = 5,

    /// <summary>Memory in use, MiB.</summary>
    MemoryUsedMb = 6,

    /// <summary>Memory available without swapping, MiB.</summary>
    MemoryAvailableMb = 7,

    /// <summary>Total memory, MiB; in a container, its limit.</summary>
    MemoryTotalMb = 8,

    /// <summary>Swap in use, MiB.</summary>
    SwapUsedMb = 9,

    /// <summary>Total swap, MiB.</summary>
    SwapTotalMb = 10,

    /// <summary>Usage of the disk with the data directory, 0–100.</summary>
    DiskPercent = 11,

    /// <summary>Free space for unprivileged users on the disk with the data directory, GiB.</summary>
    DiskFreeGb = 12,

    /// <summary>Size of the disk with the data directory, GiB.</summary>
    DiskTotalGb = 13,

    /// <summary>Bytes read per second, total of all physical disks.</summary>
    DiskReadBytesPerSecond = 14,

    /// <summary>Bytes written per second, total of all physical disks.</summary>
    DiskWriteBytesPerSecond = 15,

    /// <summary>Bytes received per second, total of all interfaces except loopback.</summary>
    NetworkRxBytesPerSecond = 16,

    /// <summary>Bytes sent per second, total of all interfaces except loopback.</summary>
    NetworkTxBytesPerSecond = 17,

    /// <summary>Mean utilization of all GPUs, 0–100.</summary>
    GpuUtilizationPercent = 18,

    /// <summary>GPU memory in use, total of all GPUs, MiB.</summary>
    GpuMemoryUsedMb = 19,

    /// <summary>GPU memory size, total of all GPUs, MiB.</summary>
    GpuMemoryTotalMb = 20,

    /// <summary>GPU memory usage across all GPUs, 0–100.</summary>
    GpuMemoryPercent = 21,

    /// <summary>Temperature of the hottest GPU, °C.</summary>
    GpuTemperatureCelsius = 22,

    /// <summary>Power draw, total of all GPUs, W.</summary>
    GpuPowerWatts = 23,

    /// <summary>CPU usage of the reporting process, percent of one processor.</summary>
    ProcessCpuPercent = 24,

    /// <summary>Resident memory of the reporting process, MiB.</summary>
    ProcessMemoryMb = 25,

    /// <summary>Number of threads of the reporting process.</summary>
    ProcessThreads = 26,
}

/// <summary>Describes a <see cref="ResourceMetric"/>: its wire name, unit, sensor and plausible range.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="WireName">The wire name.</param>
/// <param name="Unit">The display unit; empty for a count.</param>
/// <param name="Sensor">The sensor that measures it, a member of <see cref="Sensors.All"/>.</param>
/// <param name="Max">The maximum value accepted in a report; the minimum is 0.</param>
public sealed record ResourceMetricInfo(ResourceMetric Metric, string WireName, string Unit, string Sensor, double Max);

/// <summary>The catalogue of resource metrics.</summary>
public static class ResourceMetrics
{
    private const double Huge = 1e15;

    /// <summary>All metrics, in the order of their stored values.</summary>
    public static IReadOnlyList<ResourceMetricInfo> All { get; } =
    [
        new(ResourceMetric.CpuPercent, "cpu_percent", "%", Sensors.Cpu, 100),
        new(ResourceMetric.CpuCount, "cpu_count", "", Sensors.Cpu, Huge),
        new(ResourceMetric.Load1, "load_1m", "", Sensors.Cpu, Huge),
        new(ResourceMetric.Load5, "load_5m", "", Sensors.Cpu, Huge),
        new(ResourceMetric.Load15, "load_15m", "", Sensors.Cpu, Huge),
        new(ResourceMetric.MemoryPercent, "memory_percent", "%", Sensors.Memory, 100),
        new(ResourceMetric.MemoryUsedMb, "memory_used_mb", "MiB", Sensors.Memory, Huge),
        new(ResourceMetric.MemoryAvailableMb, "memory_available_mb", "MiB", Sensors.Memory, Huge),
        new(ResourceMetric.MemoryTotalMb, "memory_total_mb", "MiB", Sensors.Memory, Huge),
        new(ResourceMetric.SwapUsedMb, "swap_used_mb", "MiB", Sensors.Memory, Huge),
        new(ResourceMetric.SwapTotalMb, "swap_total_mb", "MiB", Sensors.Memory, Huge),
        new(ResourceMetric.DiskPercent, "disk_percent", "%", Sensors.Disk, 100),
        new(ResourceMetric.DiskFreeGb, "disk_free_gb", "GiB", Sensors.Disk, Huge),
        new(ResourceMetric.DiskTotalGb, "disk_total_gb", "GiB", Sensors.Disk, Huge),
        new(ResourceMetric.DiskReadBytesPerSecond, "disk_read_bytes_per_second", "B/s", Sensors.Disk, Huge),
        new(ResourceMetric.DiskWriteBytesPerSecond, "disk_write_bytes_per_second", "B/s", Sensors.Disk, Huge),
        new(ResourceMetric.NetworkRxBytesPerSecond, "network_rx_bytes_per_second", "B/s", Sensors.Network, Huge),
        new(ResourceMetric.NetworkTxBytesPerSecond, "network_tx_bytes_per_second", "B/s", Sensors.Network, Huge),
        new(ResourceMetric.GpuUtilizationPercent, "gpu_utilization_percent", "%", Sensors.Gpu, 100),
        new(ResourceMetric.GpuMemoryUsedMb, "gpu_memory_used_mb", "MiB", Sensors.Gpu, Huge),
        new(ResourceMetric.GpuMemoryTotalMb, "gpu_memory_total_mb", "MiB", Sensors.Gpu, Huge),
        new(ResourceMetric.GpuMemoryPercent, "gpu_memory_percent", "%", Sensors.Gpu, 100),
        new(ResourceMetric.GpuTemperatureCelsius, "gpu_temperature_celsius", "°C", Sensors.Gpu, Huge),
        new(ResourceMetric.GpuPowerWatts, "gpu_power_watts", "W", Sensors.Gpu, Huge),
        new(ResourceMetric.ProcessCpuPercent, "process_cpu_percent", "%", Sensors.Process, Huge),
        new(ResourceMetric.ProcessMemoryMb, "process_memory_mb", "MiB", Sensors.Process, Huge),
        new(ResourceMetric.ProcessThreads, "process_threads", "", Sensors.Process, Huge),
    ];

    private static readonly FrozenDictionary<string, ResourceMetricInfo> ByName =
        All.ToFrozenDictionary(info => info.WireName, StringComparer.Ordinal);

    /// <summary>Returns the description of a metric.</summary>
    public static ResourceMetricInfo Info(this ResourceMetric metric) => All[(int)metric];

    /// <summary>Returns the metric with this wire name, or <see langword="null"/>.</summary>
    public static ResourceMetricInfo? Find(string wireName) => ByName.GetValueOrDefault(wireName);
}
