using PerfPortal.Domain.Resources;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Pages.Resources;

/// <summary>The display names of sensors and their states.</summary>
internal static class SensorNames
{
    /// <summary>Returns the title of a sensor; an unknown sensor is returned unchanged.</summary>
    public static string Title(string sensor) => sensor switch
    {
        Sensors.Cpu => "CPU",
        Sensors.Memory => "Memory",
        Sensors.Disk => "Disk",
        Sensors.Network => "Network",
        Sensors.Gpu => "GPU",
        Sensors.Process => "Process",
        _ => sensor,
    };

    /// <summary>Returns whether a sensor measures, and otherwise why not.</summary>
    public static string State(ResourceSample sample, string sensor) =>
        !sample.Sensors.TryGetValue(sensor, out var status) ? "Not reported"
        : status.State == SensorState.Ok ? "Measuring"
        : $"{status.State}: {HostView.Reason(sample, sensor)}";
}
