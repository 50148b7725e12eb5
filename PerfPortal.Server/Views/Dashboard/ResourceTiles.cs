using PerfPortal.Domain.Analysis.Trends;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>What the tiles are made from.</summary>
/// <param name="Host">The host.</param>
/// <param name="Latest">Its newest sample, or <see langword="null"/> when it never sent one.</param>
/// <param name="Hour">Its last hour.</param>
/// <param name="Trends">The trends of the analysis, of all hosts.</param>
/// <param name="Bottlenecks">The bottlenecks of the analysis.</param>
/// <param name="Thresholds">The limits.</param>
/// <param name="Now">The moment.</param>
internal sealed record TileInput(
    string Host, ResourceSample? Latest, ResourceSeriesAnswer Hour, IReadOnlyList<ResourceTrend> Trends, IReadOnlyList<Bottleneck> Bottlenecks,
    PerformanceThresholds Thresholds, DateTimeOffset Now);

/// <summary>Turns samples into tiles. What was not measured is said with its reason and never shown as 0.</summary>
internal static class ResourceTiles
{
    /// <summary>A sample that is older says nothing about now.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    private const double MiB = 1024.0 * 1024;
    private const double GiB = 1024 * MiB;

    /// <summary>The tiles, in the order in which resources are shown everywhere.</summary>
    public static IReadOnlyList<ResourceTile> Of(TileInput input) => [.. ResourceTrends.Resources.Select(resource => Finish(Measure(resource, input), input))];

    private static ResourceTile Measure(string resource, TileInput input) => resource switch
    {
        Sensors.Cpu => Percent(input, resource, "CPU", ResourceMetric.CpuPercent, input.Thresholds.HighCpuPercent) with
        {
            Note = Value(input, ResourceMetric.CpuCount) is { } count ? $"of {Format.Number(count)} {(count == 1 ? "processor" : "processors")}" : null,
        },
        Sensors.Memory => Percent(input, resource, "Memory", ResourceMetric.MemoryPercent, input.Thresholds.HighMemoryPercent) with
        {
            Note = OfTotal(Value(input, ResourceMetric.MemoryUsedMb) * MiB, Value(input, ResourceMetric.MemoryTotalMb) * MiB),
        },
        Sensors.Disk => Disk(input),
        Sensors.Network => Network(input),
        _ => Gpu(input),
    };

    private static ResourceTile Percent(TileInput input, string resource, string title, ResourceMetric metric, double limit)
    {
        double? value = Value(input, metric);
        return new()
        {
            Resource = resource,
            Title = title,
            Unit = "%",
            Value = value,
            Series = Series(input, metric),
            Threshold = limit,
            Top = 100,
            State = value is null ? Health.Unknown : value >= limit ? Health.Warning : Health.Healthy,
        };
    }

    private static ResourceTile Disk(TileInput input)
    {
        double? free = Value(input, ResourceMetric.DiskFreeGb);
        return new()
        {
            Resource = Sensors.Disk,
            Title = "Disk free",
            Unit = "bytes",
            Value = free * GiB,
            Series = [.. Series(input, ResourceMetric.DiskFreeGb).Select(point => point * GiB)],
            Threshold = input.Thresholds.LowDiskGb * GiB,
            State = free is null ? Health.Unknown : free < input.Thresholds.LowDiskGb ? Health.Warning : Health.Healthy,
            Note = Value(input, ResourceMetric.DiskTotalGb) is { } total ? "of " + Format.Bytes(total * GiB) : null,
        };
    }

    private static ResourceTile Network(TileInput input)
    {
        double? received = Value(input, ResourceMetric.NetworkRxBytesPerSecond);
        double? sent = Value(input, ResourceMetric.NetworkTxBytesPerSecond);
        double? value = Sum(received, sent);
        return new()
        {
            Resource = Sensors.Network,
            Title = "Network",
            Unit = "bytes/s",
            Value = value,
            Series = [.. Series(input, ResourceMetric.NetworkRxBytesPerSecond).Zip(Series(input, ResourceMetric.NetworkTxBytesPerSecond), Sum)],
            State = value is null ? Health.Unknown : Health.Healthy,
            Note = $"in {Format.BytesPerSecond(received)} · out {Format.BytesPerSecond(sent)}",
        };
    }

    private static ResourceTile Gpu(TileInput input)
    {
        double? memory = Value(input, ResourceMetric.GpuMemoryPercent);
        double? busy = Value(input, ResourceMetric.GpuUtilizationPercent);
        return new()
        {
            Resource = Sensors.Gpu,
            Title = "GPU",
            Unit = "%",
            Value = busy,
            Series = Series(input, ResourceMetric.GpuUtilizationPercent),
            Top = 100,
            State = (busy ?? memory) is null ? Health.Unknown : memory >= input.Thresholds.HighGpuMemoryPercent ? Health.Warning : Health.Healthy,
            Note = memory is null ? null : $"memory {Format.Percent(memory)}, limit {Format.Percent(input.Thresholds.HighGpuMemoryPercent)}",
        };
    }

    private static ResourceTile Finish(ResourceTile tile, TileInput input)
    {
        if (tile.Value is null)
        {
            return tile with { State = Health.Unknown, Absent = Reason(tile.Resource, input) };
        }

        var (trend, text) = Trend(tile.Resource, input);
        tile = tile with { Trend = trend, TrendText = text };
        if (input.Now - input.Latest!.SampledAt > Stale)
        {
            return tile with { State = Health.Unknown, Note = "measured " + RelativeTime.Text(input.Latest.SampledAt, input.Now) };
        }

        bool isCritical = tile.State == Health.Warning && input.Bottlenecks.Any(bottleneck =>
            bottleneck.Severity == Severity.Critical && bottleneck.Kind == KindOf(tile.Resource) && (bottleneck.Source is null || bottleneck.Source == input.Host));
        return isCritical ? tile with { State = Health.Critical } : tile;
    }

    private static string Reason(string resource, TileInput input) => input.Latest is null
        ? $"{input.Host} has sent no samples."
        : input.Latest.Sensors.TryGetValue(resource, out var sensor) && sensor.Reason is { } reason ? reason : "The newest sample does not say it.";

    /// <summary>A disk fills while its trend of used space rises: the tile, which shows what is free, then falls.</summary>
    private static (double? Sign, string? Text) Trend(string resource, TileInput input)
    {
        if (input.Trends.FirstOrDefault(one => one.Resource == resource && one.Source == input.Host) is not { SlopePerHour: { } slope } trend)
        {
            return (null, null);
        }

        if (trend.Direction == TrendDirection.Stable)
        {
            return (0, "steady");
        }

        if (resource == Sensors.Disk)
        {
            slope = -slope;
        }

        string amount = resource switch
        {
            Sensors.Disk => Format.Bytes(Math.Abs(slope) * GiB),
            Sensors.Network => Format.BytesPerSecond(Math.Abs(slope)),
            _ => Format.Percent(Math.Abs(slope)),
        };
        return (Math.Sign(slope), $"{(slope < 0 ? "−" : "+")}{amount} per hour");
    }

    private static string? KindOf(string resource) => resource switch
    {
        Sensors.Cpu => BottleneckKinds.HighCpu,
        Sensors.Memory => BottleneckKinds.HighMemory,
        Sensors.Disk => BottleneckKinds.LowDisk,
        Sensors.Gpu => BottleneckKinds.HighGpuMemory,
        _ => null,
    };

    private static double? Value(TileInput input, ResourceMetric metric) => input.Latest?[metric];

    private static double? Sum(double? one, double? other) => one is null ? other : one + (other ?? 0);

    private static string? OfTotal(double? used, double? total) => used is null || total is null ? null : $"{Format.Bytes(used)} of {Format.Bytes(total)}";

    private static IReadOnlyList<double?> Series(TileInput input, ResourceMetric metric) =>
        input.Hour.Series.TryGetValue(metric, out var points) ? [.. points.Select(point => point?.Mean)] : [.. input.Hour.Times.Select(_ => (double?)null)];
}
