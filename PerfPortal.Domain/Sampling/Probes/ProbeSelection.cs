using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Gpu;
using PerfPortal.Domain.Sampling.Probes.Linux;
using PerfPortal.Domain.Sampling.Probes.MacOs;
using PerfPortal.Domain.Sampling.Probes.Portable;
using PerfPortal.Domain.Sampling.Probes.Windows;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>Selects the probes for the operating system.</summary>
internal static class ProbeSelection
{
    /// <summary>Returns a probe for each member of <see cref="Sensors.All"/>.</summary>
    public static IEnumerable<IResourceProbe> ForThisSystem(SamplerOptions options)
    {
        if (OperatingSystem.IsLinux())
        {
            return ForLinux(LinuxRoot.Host, options);
        }

        if (OperatingSystem.IsWindows())
        {
            return [new WindowsCpuProbe(), new WindowsMemoryProbe(), .. Portable(options)];
        }

        if (OperatingSystem.IsMacOS())
        {
            return [new MacCpuProbe(), new MacMemoryProbe(), .. Portable(options)];
        }

        return [Unknown(Sensors.Cpu), Unknown(Sensors.Memory), .. Portable(options)];
    }

    /// <summary>Returns the probes for a Linux system with <c>/proc</c> and <c>/sys</c> under <paramref name="root"/>.</summary>
    public static IEnumerable<IResourceProbe> ForLinux(LinuxRoot root, SamplerOptions options) =>
    [
        new LinuxCpuProbe(root),
        new LinuxMemoryProbe(root),
        new LinuxDiskProbe(root, options.DataDirectory),
        new LinuxNetworkProbe(root),
        Gpu(options, () => new GpuProbe([new NvidiaDriver(), new AmdDriver(root)])),
        new LinuxProcessProbe(root),
    ];

    private static IEnumerable<IResourceProbe> Portable(SamplerOptions options) =>
    [
        new DriveProbe(options.DataDirectory),
        new InterfaceProbe(),
        Gpu(options, () => new GpuProbe([new NvidiaDriver()])),
        new ProcessProbe(),
    ];

    private static IResourceProbe Gpu(SamplerOptions options, Func<GpuProbe> create) => options.EnableGpu
        ? create()
        : new StatedProbe(Sensors.Gpu, SensorState.Disabled, "GPU monitoring is disabled in the settings.");

    private static StatedProbe Unknown(string sensor) =>
        new(sensor, SensorState.Absent, "This sensor is not supported on this operating system.");
}
