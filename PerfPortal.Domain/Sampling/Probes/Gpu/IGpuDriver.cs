using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>One vendor's way to read graphics processors.</summary>
internal interface IGpuDriver : IDisposable
{
    /// <summary>Reads every GPU of the vendor.</summary>
    /// <param name="gpus">Where each is added.</param>
    /// <param name="now">A monotonic time; what is absent is looked for again after a while.</param>
    /// <returns>Ok when GPUs were read, absent when there is none, failed when there is one that could not be read.</returns>
    SensorStatus Read(List<GpuValues> gpus, TimeSpan now);
}

/// <summary>What one GPU said; NaN is what it did not say.</summary>
/// <param name="Name">Its product name.</param>
/// <param name="Utilization">Share of time in which it worked, 0–100.</param>
/// <param name="MemoryUsed">Memory in use, bytes.</param>
/// <param name="MemoryTotal">Memory in all, bytes.</param>
/// <param name="Temperature">Temperature, °C.</param>
/// <param name="Power">Power drawn, W.</param>
internal readonly record struct GpuValues(
    string Name, double Utilization, double MemoryUsed, double MemoryTotal, double Temperature, double Power);
