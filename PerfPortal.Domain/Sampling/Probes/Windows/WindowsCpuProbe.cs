using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Windows;

/// <summary>Reads CPU usage with GetSystemTimes. Windows has no load average; individual cores are not read. Based on the documentation; not tested on Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsCpuProbe : IResourceProbe
{
    private static readonly SensorStatus NoAnswer = new(SensorState.Failed, "Windows did not return the CPU times.");

    private (ulong Idle, ulong Total)? _before;

    public string Sensor => Sensors.Cpu;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        sample[ResourceMetric.CpuCount] = Environment.ProcessorCount;
        if (!GetSystemTimes(out ulong idle, out ulong kernel, out ulong user))
        {
            return NoAnswer;
        }

        // Kernel time includes idle time.
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

    /// <summary>A FILETIME is two 32-bit halves, low first, which on a little-endian machine equals one 64-bit number of 100 ns units.</summary>
    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out ulong idle, out ulong kernel, out ulong user);
}
