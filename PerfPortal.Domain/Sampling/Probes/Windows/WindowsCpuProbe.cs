using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Windows;

/// <summary>Processors by GetSystemTimes. Windows knows no load average, and single cores are not read. Written from the documentation; not tried on Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsCpuProbe : IResourceProbe
{
    private static readonly SensorStatus NoAnswer = new(SensorState.Failed, "Windows did not tell the processor times.");

    private (ulong Idle, ulong Total)? _before;

    public string Sensor => Sensors.Cpu;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        sample[ResourceMetric.CpuCount] = Environment.ProcessorCount;
        if (!GetSystemTimes(out ulong idle, out ulong kernel, out ulong user))
        {
            return NoAnswer;
        }

        // Kernel time holds the idle time too.
        var before = _before;
        (ulong Idle, ulong Total) current = (idle, kernel + user);
        _before = current;
        if (before is not { } last)
        {
            return CommonStates.FirstReading;
        }

        if (current.Total <= last.Total || current.Idle < last.Idle)
        {
            return CommonStates.NoDifference;
        }

        double idleShare = (double)(current.Idle - last.Idle) / (current.Total - last.Total);
        sample[ResourceMetric.CpuPercent] = Math.Clamp(100 * (1 - idleShare), 0, 100);
        return SensorStatus.Ok;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose()
    {
    }

    /// <summary>A FILETIME is two 32-bit halves, the lower first: on a little-endian machine the same as one 64-bit number of 100 ns.</summary>
    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out ulong idle, out ulong kernel, out ulong user);
}
