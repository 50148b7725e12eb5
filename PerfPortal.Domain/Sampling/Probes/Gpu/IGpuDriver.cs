using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>Reads the GPUs of one vendor.</summary>
internal interface IGpuDriver : IDisposable
{
    /// <summary>Reads all GPUs of the vendor.</summary>
    /// <param name="gpus">The list to add the values to.</param>
    /// <param name="now">A monotonic time, for rescans.</param>
    /// <returns>Ok when GPUs were read, absent without GPUs, failed when a GPU could not be read.</returns>
    SensorStatus Read(List<GpuValues> gpus, TimeSpan now);
}

/// <summary>The values of one GPU; unknown values are NaN.</summary>
/// <param name="Name">Its product name.</param>
/// <param name="Utilization">The share of time in use, 0–100.</param>
/// <param name="MemoryUsed">Memory in use, bytes.</param>
/// <param name="MemoryTotal">Total memory, bytes.</param>
/// <param name="Temperature">Temperature, °C.</param>
/// <param name="Power">Power drawn, W.</param>
internal readonly record struct GpuValues(
    string Name, double Utilization, double MemoryUsed, double MemoryTotal, double Temperature, double Power);
