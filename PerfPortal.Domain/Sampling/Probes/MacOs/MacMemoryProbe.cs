using System.Runtime.Versioning;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.MacOs;

/// <summary>
/// Reads memory with sysctl <c>hw.memsize</c> and host_statistics64, and swap with sysctl <c>vm.swapusage</c>. Available memory is free and inactive pages.
/// Based on the system headers; not tested on macOS.
/// </summary>
[SupportedOSPlatform("macos")]
internal sealed unsafe class MacMemoryProbe : IResourceProbe
{
    private static readonly SensorStatus NoAnswer = new(SensorState.Failed, "macOS did not return the memory status.");

    public string Sensor => Sensors.Memory;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        // vm_statistics64 starts with the page counts free, active, inactive, wired. The call fills the buffer up to its size.
        const int Room = 256;
        uint* pages = stackalloc uint[Room];
        uint count = Room;
        ulong size = 0;
        nuint sizeLength = sizeof(ulong);
        if (LibSystem.SysctlByName("hw.memsize", &size, ref sizeLength, null, 0) != 0 || size == 0
            || LibSystem.HostStatistics(LibSystem.Host, LibSystem.HostMemory, pages, ref count) != 0 || count < 4)
        {
            return NoAnswer;
        }

        double total = size;
        double available = Math.Min(((double)pages[0] + pages[2]) * Environment.SystemPageSize, total);
        sample[ResourceMetric.MemoryTotalMb] = total / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryAvailableMb] = available / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryUsedMb] = (total - available) / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryPercent] = 100 * (total - available) / total;
        ReadSwap(sample);
        return SensorStatus.Ok;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose()
    {
    }

    /// <summary>Reads <c>struct xsw_usage</c>: total, available and used as 64-bit numbers, then the page size and a flag.</summary>
    private static void ReadSwap(ResourceSample sample)
    {
        ulong* usage = stackalloc ulong[4];
        nuint length = 4 * sizeof(ulong);
        if (LibSystem.SysctlByName("vm.swapusage", usage, ref length, null, 0) != 0 || length < 3 * sizeof(ulong))
        {
            return;
        }

        sample[ResourceMetric.SwapTotalMb] = usage[0] / ByteUnits.Mebibyte;
        sample[ResourceMetric.SwapUsedMb] = usage[2] / ByteUnits.Mebibyte;
    }
}
