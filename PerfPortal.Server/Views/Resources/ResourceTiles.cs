using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Resources;

/// <summary>Converts the samples of a host to tiles, identical on every page. A missing value shows its reason, never 0.</summary>
internal static class ResourceTiles
{
    private const double MiB = 1024.0 * 1024;
    private const double GiB = 1024 * MiB;
    private const string Speed = "bytes/s";
    private static readonly ResourceSeriesAnswer NoHistory = new(default, 0, [], new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>>());

    /// <summary>The five main resources, in the order of <see cref="Sensors"/>.</summary>
    public static IReadOnlyList<ResourceTile> Overview(HostView host) => [Cpu(host), Memory(host), Disk(host), Network(host), Gpu(host)];

    /// <summary>The gravest state of the tiles of a sample; unknown when it is out of date.</summary>
    public static Health StateOf(ResourceSample sample, IReadOnlyList<Bottleneck> bottlenecks, PerformanceThresholds thresholds, DateTimeOffset now)
    {
        var host = new HostView(sample.Source, sample, NoHistory, [], bottlenecks, thresholds, now);
        return host.IsStale ? Health.Unknown : Overview(host).Where(tile => tile.Value is not null).Select(tile => tile.State).DefaultIfEmpty(Health.Healthy).Max();
    }

    /// <summary>All resources; swap and GPU memory only when the host has them.</summary>
    public static IReadOnlyList<ResourceTile> All(HostView host)
    {
        var tiles = new List<ResourceTile> { Cpu(host), Memory(host) };
        if (host.Value(ResourceMetric.SwapTotalMb) is { } swap and > 0)
        {
            tiles.Add(Plain(host, "swap", Sensors.Memory, "Swap in use", "bytes", ResourceMetric.SwapUsedMb, MiB) with
            {
                Top = swap * MiB,
                Note = $"of {Format.Bytes(swap * MiB)}",
            });
        }

        tiles.Add(Disk(host));
        tiles.Add(Plain(host, "disk_read", Sensors.Disk, "Disk reads", Speed, ResourceMetric.DiskReadBytesPerSecond));
        tiles.Add(Plain(host, "disk_write", Sensors.Disk, "Disk writes", Speed, ResourceMetric.DiskWriteBytesPerSecond));
        tiles.Add(Network(host));
        tiles.Add(Gpu(host));
        if (host.Value(ResourceMetric.GpuMemoryPercent) is { } memory)
        {
            tiles.Add(Plain(host, "gpu_memory", Sensors.Gpu, "GPU memory", "%", ResourceMetric.GpuMemoryPercent) with
            {
                Threshold = host.Thresholds.HighGpuMemoryPercent,
                Top = 100,
                State = State(host, Above(memory, host.Thresholds.HighGpuMemoryPercent), BottleneckKinds.HighGpuMemory),
                Note = Stale(host) ?? OfTotal(host, ResourceMetric.GpuMemoryUsedMb, ResourceMetric.GpuMemoryTotalMb),
            });
        }

        return tiles;
    }

    private static ResourceTile Cpu(HostView host)
    {
        string? count = host.Value(ResourceMetric.CpuCount) is { } processors ? $"{Format.Number(processors)} processor{(processors == 1 ? "" : "s")}" : null;
        string? load = host.Value(ResourceMetric.Load1) is { } runnable ? $"load {Format.Number(runnable)}" : null;
        return Share(host, Sensors.Cpu, "CPU", ResourceMetric.CpuPercent, host.Thresholds.HighCpuPercent, BottleneckKinds.HighCpu, count is null ? load : load is null ? count : $"{count}, {load}");
    }

    private static ResourceTile Memory(HostView host) => Share(
        host, Sensors.Memory, "Memory", ResourceMetric.MemoryPercent, host.Thresholds.HighMemoryPercent, BottleneckKinds.HighMemory,
        OfTotal(host, ResourceMetric.MemoryUsedMb, ResourceMetric.MemoryTotalMb));

    private static ResourceTile Disk(HostView host)
    {
        double limit = host.Thresholds.LowDiskGb;
        double? free = host.Value(ResourceMetric.DiskFreeGb);
        var severity = free is { } known ? LowDiskRule.SeverityOf(known, limit) : null;
        return Plain(host, Sensors.Disk, Sensors.Disk, "Disk free", "bytes", ResourceMetric.DiskFreeGb, GiB) with
        {
            Threshold = limit * GiB,
            State = free is null || host.IsStale ? Health.Unknown : severity is { } found ? EvidenceText.Health(found) : Health.Healthy,
            Note = Stale(host) ?? (host.Value(ResourceMetric.DiskTotalGb) is { } total ? "of " + Format.Bytes(total * GiB) : null),
        };
    }

    private static ResourceTile Network(HostView host)
    {
        double? received = host.Value(ResourceMetric.NetworkRxBytesPerSecond);
        double? sent = host.Value(ResourceMetric.NetworkTxBytesPerSecond);
        double? value = Sum(received, sent);
        return Plain(host, Sensors.Network, Sensors.Network, "Network", Speed, ResourceMetric.NetworkRxBytesPerSecond) with
        {
            Value = value,
            Absent = value is null ? host.Reason(Sensors.Network) : null,
            Series = [.. host.Means(ResourceMetric.NetworkRxBytesPerSecond).Zip(host.Means(ResourceMetric.NetworkTxBytesPerSecond), Sum)],
            State = value is null || host.IsStale ? Health.Unknown : Health.Healthy,
            Note = Stale(host) ?? $"in {Format.Value(received, Speed)} · out {Format.Value(sent, Speed)}",
        };
    }

    private static ResourceTile Gpu(HostView host)
    {
        double limit = host.Thresholds.HighGpuMemoryPercent;
        double? memory = host.Value(ResourceMetric.GpuMemoryPercent);
        return Plain(host, Sensors.Gpu, Sensors.Gpu, "GPU", "%", ResourceMetric.GpuUtilizationPercent) with
        {
            Top = 100,
            State = (host.Value(ResourceMetric.GpuUtilizationPercent) ?? memory) is null
                ? Health.Unknown
                : State(host, memory is { } used && Above(used, limit), BottleneckKinds.HighGpuMemory),
            Note = Stale(host) ?? (memory is null ? null : $"memory {Format.Percent(memory)}, limit {Format.Percent(limit)}"),
        };
    }

    private static ResourceTile Share(HostView host, string key, string title, ResourceMetric metric, double limit, string kind, string? note) =>
        Plain(host, key, key, title, "%", metric) with
        {
            Threshold = limit,
            Top = 100,
            State = host.Value(metric) is { } value ? State(host, Above(value, limit), kind) : Health.Unknown,
            Note = Stale(host) ?? note,
        };

    private static ResourceTile Plain(HostView host, string key, string sensor, string title, string unit, ResourceMetric metric, double factor = 1)
    {
        double? value = host.Value(metric) * factor;
        var (trend, text) = key == sensor && value is not null ? Trend(host, sensor) : (null, null);
        return new()
        {
            Key = key,
            Title = title,
            Unit = unit,
            Value = value,
            Absent = value is null ? host.Reason(sensor) : null,
            Series = host.Means(metric, factor),
            State = value is null || host.IsStale ? Health.Unknown : Health.Healthy,
            Trend = trend,
            TrendText = text,
            Note = Stale(host),
        };
    }

    // Same comparison as in the analysis rules.
    private static bool Above(double value, double limit) => value > limit;

    private static Health State(HostView host, bool isAbove, string kind) =>
        host.IsStale ? Health.Unknown : !isAbove ? Health.Healthy : host.IsCritical(kind) ? Health.Critical : Health.Warning;

    private static string? Stale(HostView host) => host.IsStale ? "measured " + RelativeTime.Text(host.Latest!.SampledAt, host.Now) : null;

    private static (double? Sign, string? Text) Trend(HostView host, string resource)
    {
        if (host.Trend(resource) is not { SlopePerHour: { } slope } trend)
        {
            return (null, null);
        }

        return trend.Direction == TrendDirection.Stable ? (0, "stable") : (Math.Sign(slope), EvidenceText.Slope(trend));
    }

    private static double? Sum(double? one, double? other) => one is null ? other : one + (other ?? 0);

    private static string? OfTotal(HostView host, ResourceMetric used, ResourceMetric total) =>
        host.Value(used) is not { } part ? null
        : host.Value(total) is { } whole ? $"{Format.Bytes(part * MiB)} of {Format.Bytes(whole * MiB)}" : Format.Bytes(part * MiB);
}
