using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Windows;

/// <summary>
/// Reads physical memory with GlobalMemoryStatusEx. Swap stays unknown: Windows reports committed memory, not swapped pages.
/// Based on the documentation; not tested on Windows.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsMemoryProbe : IResourceProbe
{
    private static readonly SensorStatus NoAnswer = new(SensorState.Failed, "Windows did not return the memory status.");

    public string Sensor => Sensors.Memory;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        var status = new MemoryStatus { Length = (uint)Unsafe.SizeOf<MemoryStatus>() };
        if (!GlobalMemoryStatusEx(ref status) || status.TotalPhysical == 0)
        {
            return NoAnswer;
        }

        double total = status.TotalPhysical;
        double available = Math.Min(status.AvailablePhysical, total);
        sample[ResourceMetric.MemoryTotalMb] = total / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryAvailableMb] = available / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryUsedMb] = (total - available) / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryPercent] = 100 * (total - available) / total;
        return SensorStatus.Ok;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose()
    {
    }

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    /// <summary><c>MEMORYSTATUSEX</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint Load;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
