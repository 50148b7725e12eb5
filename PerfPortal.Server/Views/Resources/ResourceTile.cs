using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Pages.Resources;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Resources;

/// <summary>What a tile says of one resource.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Value">The newest value; <see langword="null"/> when there is none.</param>
/// <param name="Unit">Its unit, as <see cref="Format.Value"/> knows it.</param>
public sealed record ResourceTile(string Title, double? Value, string Unit)
{
    /// <summary>The course over the page's range.</summary>
    public IReadOnlyList<double?> Series { get; init; } = [];

    /// <summary>The limit, in the unit.</summary>
    public double? Limit { get; init; }

    /// <summary>The top of the scale, in the unit.</summary>
    public double? Top { get; init; }

    /// <summary>How it does.</summary>
    public Health Health { get; init; } = Health.Healthy;

    /// <summary>The sign of the trend; <see langword="null"/> when it is not known.</summary>
    public double? Trend { get; init; }

    /// <summary>The trend in words with its slope.</summary>
    public string? TrendText { get; init; }

    /// <summary>One more fact.</summary>
    public string? Note { get; init; }

    /// <summary>Why there is no value.</summary>
    public string? Absent { get; init; }
}

/// <summary>Makes the tiles of a host from its newest sample, its history, the thresholds and its trends.</summary>
internal static class ResourceTiles
{
    private const double Mebi = 1024 * 1024;
    private const double Gibi = 1024 * Mebi;

    /// <summary>A tile for each resource; those of swap, and of a GPU's heat and power, only where they are measured.</summary>
    public static IReadOnlyList<ResourceTile> Of(
        ResourceSample sample, ResourceSeriesAnswer? history, PerformanceThresholds thresholds, IReadOnlyList<ResourceTrend> trends)
    {
        double? Now(ResourceMetric metric) => sample[metric];
        var tiles = new List<ResourceTile>
        {
            Share("CPU", Sensors.Cpu, ResourceMetric.CpuPercent, thresholds.HighCpuPercent) with { Note = Cpu(sample) },
            Share("Memory", Sensors.Memory, ResourceMetric.MemoryPercent, thresholds.HighMemoryPercent) with
            {
                Note = OfTotal(Now(ResourceMetric.MemoryUsedMb) * Mebi, Now(ResourceMetric.MemoryTotalMb) * Mebi),
            },
        };
        if (Now(ResourceMetric.SwapTotalMb) > 0)
        {
            tiles.Add(Plain("Swap in use", Sensors.Memory, ResourceMetric.SwapUsedMb, "bytes", Mebi) with
            {
                Top = Now(ResourceMetric.SwapTotalMb) * Mebi,
                Note = $"of {Format.Bytes(Now(ResourceMetric.SwapTotalMb) * Mebi)}",
            });
        }

        tiles.Add(WithTrend(Plain("Disk space free", Sensors.Disk, ResourceMetric.DiskFreeGb, "bytes", Gibi), Sensors.Disk) with
        {
            Limit = thresholds.LowDiskGb * Gibi,
            Health = Now(ResourceMetric.DiskFreeGb) is not { } free ? Health.Unknown : free < thresholds.LowDiskGb ? Health.Critical : Health.Healthy,
            Note = Now(ResourceMetric.DiskPercent) is { } used ? $"{Format.Percent(used)} of {Format.Bytes(Now(ResourceMetric.DiskTotalGb) * Gibi)} used" : null,
        });
        tiles.Add(Plain("Disk reading", Sensors.Disk, ResourceMetric.DiskReadBytesPerSecond, "bytes/s"));
        tiles.Add(Plain("Disk writing", Sensors.Disk, ResourceMetric.DiskWriteBytesPerSecond, "bytes/s"));
        tiles.Add(WithTrend(Plain("Network received", Sensors.Network, ResourceMetric.NetworkRxBytesPerSecond, "bytes/s"), Sensors.Network));
        tiles.Add(Plain("Network sent", Sensors.Network, ResourceMetric.NetworkTxBytesPerSecond, "bytes/s"));
        tiles.Add(WithTrend(Share("GPU", Sensors.Gpu, ResourceMetric.GpuUtilizationPercent, null), Sensors.Gpu));
        if (Now(ResourceMetric.GpuMemoryPercent) is not null)
        {
            tiles.Add(Share("GPU memory", Sensors.Gpu, ResourceMetric.GpuMemoryPercent, thresholds.HighGpuMemoryPercent) with
            {
                Trend = null,
                TrendText = null,
                Note = OfTotal(Now(ResourceMetric.GpuMemoryUsedMb) * Mebi, Now(ResourceMetric.GpuMemoryTotalMb) * Mebi),
            });
        }

        return tiles;

        ResourceTile Plain(string title, string sensor, ResourceMetric metric, string unit, double factor = 1) => new(title, Now(metric) * factor, unit)
        {
            Series = Series(history, metric, factor),
            Health = Now(metric) is null ? Health.Unknown : Health.Healthy,
            Absent = Now(metric) is null ? Reason(sample, sensor) : null,
        };

        ResourceTile Share(string title, string sensor, ResourceMetric metric, double? limit) => WithTrend(
            Plain(title, sensor, metric, "%") with
            {
                Limit = limit,
                Top = 100,
                Health = Now(metric) is not { } value ? Health.Unknown : value >= limit ? Health.Warning : Health.Healthy,
            },
            sensor);

        ResourceTile WithTrend(ResourceTile tile, string sensor) =>
            trends.FirstOrDefault(trend => trend.Source == sample.Source && trend.Resource == sensor) is { Direction: not TrendDirection.Unknown } known
                ? tile with
                {
                    Trend = known.Direction switch { TrendDirection.Increasing => 1, TrendDirection.Decreasing => -1, _ => 0 },
                    TrendText = TrendText(known),
                }
                : tile;
    }

    /// <summary>Why a sensor says nothing.</summary>
    public static string Reason(ResourceSample sample, string sensor)
    {
        if (!sample.Sensors.TryGetValue(sensor, out var status))
        {
            return "Its reporter does not say it.";
        }

        return status.Reason ?? (status.State == SensorState.Ok ? "It is not measured here." : $"The sensor is {status.State.ToString().ToLowerInvariant()}.");
    }

    /// <summary>"increasing, +1.2 %/h"; of a disk the use is meant.</summary>
    public static string TrendText(ResourceTrend trend)
    {
        string what = trend.Resource == Sensors.Disk ? "use " : "";
        string slope = trend.SlopePerHour is not { } perHour ? "" : ", " + (perHour >= 0 ? "+" : "") + trend.Unit switch
        {
            "B/s" => $"{Format.Bytes(perHour)}/s per h",
            "GiB" => $"{Format.Bytes(perHour * Gibi)}/h",
            var unit => $"{Format.Number(perHour)} {unit}/h",
        };
        return $"{what}{trend.Direction.WireName()}{slope}";
    }

    private static string? Cpu(ResourceSample sample)
    {
        string? count = sample[ResourceMetric.CpuCount] is { } processors ? $"{Format.Number(processors)} processor{(processors == 1 ? "" : "s")}" : null;
        string? load = sample[ResourceMetric.Load1] is { } runnable ? $"load {Format.Number(runnable)}" : null;
        return count is null ? load : load is null ? count : $"{count}, {load}";
    }

    private static string? OfTotal(double? used, double? total) => used is null ? null : total is null ? Format.Bytes(used) : $"{Format.Bytes(used)} of {Format.Bytes(total)}";

    private static IReadOnlyList<double?> Series(ResourceSeriesAnswer? history, ResourceMetric metric, double factor) =>
        history is not null && history.Series.TryGetValue(metric, out var points) ? [.. points.Select(point => point?.Mean * factor)] : [];
}
