using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Models.Fallbacks.Memory;

/// <summary>The memory that this host has free.</summary>
/// <param name="HostBytes">Available without swapping, in bytes; <see langword="null"/> when not known.</param>
/// <param name="GpuBytes">Free on each GPU in bytes, most first; <see langword="null"/> when not known, empty when there is no GPU.</param>
public sealed record FreeMemory(double? HostBytes, IReadOnlyList<double>? GpuBytes)
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Nothing is known.</summary>
    public static FreeMemory Unknown { get; } = new(null, null);

    /// <summary>Reads a sample; one that is no longer current tells nothing.</summary>
    public static FreeMemory Of(ResourceSample? sample, DateTimeOffset now)
    {
        if (sample?.IsFreshAt(now) != true)
        {
            return Unknown;
        }

        double[] gpus = [.. sample.Gpus.Select(gpu => (gpu.MemoryTotalMb - gpu.MemoryUsedMb) * Mebi).OfType<double>().Select(free => Math.Max(0, free)).OrderDescending()];
        bool hasNoGpu = sample.Sensors.TryGetValue(Sensors.Gpu, out var status) && status.State == SensorState.Absent;
        return new(
            sample[ResourceMetric.MemoryAvailableMb] * Mebi,
            gpus.Length > 0 ? gpus
            : sample[ResourceMetric.GpuMemoryTotalMb] - sample[ResourceMetric.GpuMemoryUsedMb] is { } free ? [Math.Max(0, free * Mebi)]
            : hasNoGpu ? []
            : null);
    }
}
