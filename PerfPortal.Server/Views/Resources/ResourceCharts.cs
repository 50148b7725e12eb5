using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Resources;

/// <summary>A metric in a chart.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Name">The legend name.</param>
/// <param name="Factor">The factor to multiply the values by, such as 1,048,576 to convert MiB to bytes.</param>
internal sealed record ChartMetric(ResourceMetric Metric, string Name, double Factor = 1);

/// <summary>Converts the history of a host to charts: the mean as a line within a band from minimum to maximum.</summary>
internal static class ResourceCharts
{
    /// <summary>The charts of the dashboard.</summary>
    public static readonly IReadOnlyList<string> Overview = [Sensors.Cpu, Sensors.Memory, Sensors.Network, Sensors.Gpu];

    private const string Swap = "swap";
    private const double MiB = 1024.0 * 1024;
    private const double GiB = 1024 * MiB;

    private static readonly IReadOnlyList<Definition> Definitions =
    [
        new(Sensors.Cpu, "CPU", "%", 100, Sensors.Cpu, new ChartMetric(ResourceMetric.CpuPercent, "All processors")),
        new("load", "Load", null, null, Sensors.Cpu, new(ResourceMetric.Load1, "1 min"), new(ResourceMetric.Load5, "5 min"), new(ResourceMetric.Load15, "15 min")),
        new(Sensors.Memory, "Memory", "%", 100, Sensors.Memory, new ChartMetric(ResourceMetric.MemoryPercent, "In use")),
        new(Sensors.Disk, "Disk usage", "%", 100, Sensors.Disk, new ChartMetric(ResourceMetric.DiskPercent, "In use")),
        new("disk_free", "Disk space free", "bytes", null, Sensors.Disk, new ChartMetric(ResourceMetric.DiskFreeGb, "Free", GiB)),
        new("disk_rate", "Disk throughput", "bytes/s", null, Sensors.Disk,
            new(ResourceMetric.DiskReadBytesPerSecond, "Read"), new(ResourceMetric.DiskWriteBytesPerSecond, "Written")),
        new(Sensors.Network, "Network", "bytes/s", null, Sensors.Network,
            new(ResourceMetric.NetworkRxBytesPerSecond, "Received"), new(ResourceMetric.NetworkTxBytesPerSecond, "Sent")),
        new(Swap, "Swap", "bytes", null, Sensors.Memory, new ChartMetric(ResourceMetric.SwapUsedMb, "In use", MiB)) { IsOptional = true },
        new(Sensors.Gpu, "GPU", "%", 100, Sensors.Gpu,
            new(ResourceMetric.GpuUtilizationPercent, "Utilization"), new(ResourceMetric.GpuMemoryPercent, "Memory")) { IsOptional = true },
        new("gpu_temperature", "GPU temperature", "°C", null, Sensors.Gpu, new ChartMetric(ResourceMetric.GpuTemperatureCelsius, "Hottest")) { IsOptional = true },
        new("gpu_power", "GPU power", "W", null, Sensors.Gpu, new ChartMetric(ResourceMetric.GpuPowerWatts, "Total")) { IsOptional = true },
        new("process_cpu", "Portal process, CPU", "%", null, Sensors.Process, new ChartMetric(ResourceMetric.ProcessCpuPercent, "Of one processor")) { IsOptional = true },
        new("process_memory", "Portal process, memory", "bytes", null, Sensors.Process, new ChartMetric(ResourceMetric.ProcessMemoryMb, "Resident", MiB)) { IsOptional = true },
    ];

    /// <summary>
    /// Returns the charts of a host over a range, without thresholds. GPU and process charts require samples; the swap chart requires swap usage.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="latest">The newest sample, for the reasons of empty charts.</param>
    /// <param name="range">The range of the page.</param>
    /// <param name="history">The measurements of the range.</param>
    /// <param name="keys">The charts to return; <see langword="null"/> for all.</param>
    public static IReadOnlyList<ChartModel> Of(
        string host, ResourceSample? latest, TimeRange range, ResourceSeriesAnswer history, IReadOnlyList<string>? keys = null) =>
    [
        .. Definitions.Where(definition => keys?.Contains(definition.Key) ?? true)
            .Select(definition => (Definition: definition, Data: Draw(history, range, definition.Metrics)))
            .Where(chart => !chart.Definition.IsOptional || (!chart.Data.IsEmpty && (chart.Definition.Key != Swap || IsUsed(chart.Data.Series[0]))))
            .Select(chart => new ChartModel(
                chart.Definition.Key, chart.Definition.Title, chart.Definition.Unit, chart.Data, [], chart.Definition.Top, WhyEmpty(host, latest, chart.Definition))),
    ];

    /// <summary>Adds the thresholds in effect to the charts.</summary>
    /// <param name="charts">The charts.</param>
    /// <param name="thresholds">The thresholds.</param>
    /// <param name="processors">The number of processors of the host, shown as the limit of the load chart.</param>
    public static IReadOnlyList<ChartModel> WithLimits(IReadOnlyList<ChartModel> charts, PerformanceThresholds thresholds, double? processors = null) =>
        [.. charts.Select(chart => chart with { Thresholds = Limits(chart.Key, thresholds, processors) })];

    /// <summary>Creates a series for each metric with measurements. The band is omitted when no step has more than one distinct value.</summary>
    public static ChartData Draw(ResourceSeriesAnswer answer, TimeRange range, IReadOnlyList<ChartMetric> metrics)
    {
        // A point is at the middle of its step.
        DateTimeOffset[] times = [.. answer.Times.Select(time => time + TimeSpan.FromSeconds(answer.StepSeconds / 2))];
        var series = new List<ChartSeries>();
        foreach (var metric in metrics)
        {
            if (answer.Series.TryGetValue(metric.Metric, out var points))
            {
                double?[] Read(Func<ResourcePoint, double> value) => [.. points.Select(point => point is { } p ? value(p) * metric.Factor : (double?)null)];
                bool isBand = points.Any(point => point is { } one && one.Max > one.Min);
                series.Add(new(metric.Name, Read(p => p.Mean), Low: isBand ? Read(p => p.Min) : null, High: isBand ? Read(p => p.Max) : null));
            }
        }

        return new(range.From, range.To, times, series);
    }

    private static ChartThreshold[] Limits(string key, PerformanceThresholds limits, double? processors) => key switch
    {
        Sensors.Cpu => [new(limits.HighCpuPercent, $"limit {Format.Percent(limits.HighCpuPercent)}")],
        Sensors.Memory => [new(limits.HighMemoryPercent, $"limit {Format.Percent(limits.HighMemoryPercent)}")],
        Sensors.Gpu => [new(limits.HighGpuMemoryPercent, $"memory limit {Format.Percent(limits.HighGpuMemoryPercent)}")],
        "disk_free" => [new(limits.LowDiskGb * GiB, $"limit {Format.Bytes(limits.LowDiskGb * GiB)}")],
        "load" => processors is { } count ? [new(count, $"{Format.Number(count)} processors")] : [],
        _ => [],
    };

    private static bool IsUsed(ChartSeries swap) => (swap.High ?? swap.Values).Any(used => used > 0);

    private static string WhyEmpty(string host, ResourceSample? latest, Definition chart) =>
        latest is not null && latest.Sensors.TryGetValue(chart.Sensor, out var status) && status.State != SensorState.Ok
            ? HostView.Reason(latest, chart.Sensor)
            : $"No {chart.Title} samples from {host} in this range. Widen the range or choose another source.";

    private sealed record Definition(string Key, string Title, string? Unit, double? Top, string Sensor, params IReadOnlyList<ChartMetric> Metrics)
    {
        /// <summary>Whether the chart is hidden when it has no data.</summary>
        public bool IsOptional { get; init; }
    }
}
