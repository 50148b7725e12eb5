using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Pages.Resources;

namespace PerfPortal.Server.Views.Resources;

/// <summary>A chart of the page Resources.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Max">The top of its axis, or <see langword="null"/>.</param>
/// <param name="Sensor">The sensor that it depends on.</param>
/// <param name="Data">The data.</param>
/// <param name="Thresholds">The limits.</param>
internal sealed record ResourceChart(string Title, string? Unit, double? Max, string Sensor, ChartData Data, IReadOnlyList<ChartThreshold> Thresholds)
{
    private const string Swap = "Swap";
    private const double Mebi = 1024 * 1024;
    private const double Gibi = 1024 * Mebi;

    /// <summary>The charts of a host's history; those of GPU and process only where something was measured, that of swap only where some was used.</summary>
    public static IReadOnlyList<ResourceChart> Of(ResourceSeriesAnswer history, TimeRange range, PerformanceThresholds thresholds, double? processors)
    {
        ChartThreshold[] Limit(double value, string unit) => [new(value * (unit == "GiB" ? Gibi : 1), $"limit {Format.Exact(value, unit)}")];
        ResourceChart Chart(string title, string? unit, double? max, string sensor, IReadOnlyList<ChartThreshold> limits, params ChartMetric[] metrics) =>
            new(title, unit, max, sensor, ResourceCharts.Draw(history, range, metrics), limits);

        ResourceChart[] always =
        [
            Chart("CPU", "%", 100, Sensors.Cpu, Limit(thresholds.HighCpuPercent, "%"), new ChartMetric(ResourceMetric.CpuPercent, "All processors")),
            Chart("Load", null, null, Sensors.Cpu, processors is { } count ? [new(count, $"{Format.Number(count)} processors")] : [],
                new(ResourceMetric.Load1, "1 min"), new(ResourceMetric.Load5, "5 min"), new(ResourceMetric.Load15, "15 min")),
            Chart("Memory", "%", 100, Sensors.Memory, Limit(thresholds.HighMemoryPercent, "%"), new ChartMetric(ResourceMetric.MemoryPercent, "In use")),
            Chart("Disk usage", "%", 100, Sensors.Disk, [], new ChartMetric(ResourceMetric.DiskPercent, "In use")),
            Chart("Disk space free", "bytes", null, Sensors.Disk, Limit(thresholds.LowDiskGb, "GiB"), new ChartMetric(ResourceMetric.DiskFreeGb, "Free", Gibi)),
            Chart("Disk rate", "bytes/s", null, Sensors.Disk, [],
                new(ResourceMetric.DiskReadBytesPerSecond, "Read"), new(ResourceMetric.DiskWriteBytesPerSecond, "Written")),
            Chart("Network", "bytes/s", null, Sensors.Network, [],
                new(ResourceMetric.NetworkRxBytesPerSecond, "Received"), new(ResourceMetric.NetworkTxBytesPerSecond, "Sent")),
        ];
        ResourceChart[] whereMeasured =
        [
            Chart(Swap, "bytes", null, Sensors.Memory, [], new ChartMetric(ResourceMetric.SwapUsedMb, "In use", Mebi)),
            Chart("GPU", "%", 100, Sensors.Gpu, [], new ChartMetric(ResourceMetric.GpuUtilizationPercent, "Utilization")),
            Chart("GPU memory", "%", 100, Sensors.Gpu, Limit(thresholds.HighGpuMemoryPercent, "%"), new ChartMetric(ResourceMetric.GpuMemoryPercent, "In use")),
            Chart("GPU temperature", "°C", null, Sensors.Gpu, [], new ChartMetric(ResourceMetric.GpuTemperatureCelsius, "Hottest")),
            Chart("GPU power", "W", null, Sensors.Gpu, [], new ChartMetric(ResourceMetric.GpuPowerWatts, "All")),
            Chart("Own process, CPU", "%", null, Sensors.Process, [], new ChartMetric(ResourceMetric.ProcessCpuPercent, "Of one processor")),
            Chart("Own process, memory", "bytes", null, Sensors.Process, [], new ChartMetric(ResourceMetric.ProcessMemoryMb, "Resident", Mebi)),
        ];
        return [.. always, .. whereMeasured.Where(chart => !chart.Data.IsEmpty && (chart.Title != Swap || chart.Data.Series[0].High!.Any(used => used > 0)))];
    }
}
