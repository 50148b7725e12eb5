using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Trends;

/// <summary>
/// Computes the trend of each resource over the window of trends (six hours by default) from its minute means: increasing or decreasing when the Mann–Kendall test (see <see cref="MannKendall"/>)
/// is significant (p &lt; 0.01) and the Theil–Sen slope over the measured time is a relevant change: 5 percentage points of cpu, memory or gpu,
/// 0.5 GiB of free disk space (or 5 percentage points, where only the percentage is reported), for the network a tenth of its mean and at least 100,000 B/s.
/// Otherwise stable.
/// </summary>
public static class ResourceTrends
{
    /// <summary>The resources in display order.</summary>
    public static IReadOnlyList<string> Resources { get; } = [Sensors.Cpu, Sensors.Memory, Sensors.Disk, Sensors.Network, Sensors.Gpu];

    /// <summary>The minimum measured time.</summary>
    public static readonly TimeSpan MinimumSpan = TimeSpan.FromHours(1);

    private const double Alpha = 0.01;

    // The cost is quadratic; 72 points are five-minute means over six hours, and coarser ones over more.
    private const int TestedPoints = 72;
    private const double PercentThatMatters = 5;
    private const double GibThatMatters = 0.5;
    private const double NetworkShareThatMatters = 0.1;
    private const double NetworkSpeedThatMatters = 100_000;

    /// <summary>Returns the trends of each host, in the order of <see cref="Resources"/>.</summary>
    public static IReadOnlyList<ResourceTrend> Of(AnalysisInput input) => [.. input.Hosts.SelectMany(host => Of(host, input.Now, input.Windows.Trend))];

    /// <summary>Returns the trends of one host over the window before a time.</summary>
    public static IEnumerable<ResourceTrend> Of(HostResources host, DateTimeOffset now, TimeSpan window)
    {
        var recent = host.Minutes.Where(minute => minute.Time >= now - window).ToList();
        yield return Judge(host, window, Sensors.Cpu, "%", recent, figures => Mean(figures, ResourceMetric.CpuPercent), _ => PercentThatMatters);
        yield return Judge(host, window, Sensors.Memory, "%", recent, MemoryPercent, _ => PercentThatMatters);
        yield return recent.Exists(minute => minute.Figures[ResourceMetric.DiskFreeGb] is not null) || !recent.Exists(minute => minute.Figures[ResourceMetric.DiskPercent] is not null)
            ? Judge(host, window, Sensors.Disk, "GiB", recent, figures => Mean(figures, ResourceMetric.DiskFreeGb), _ => GibThatMatters)
            : Judge(host, window, Sensors.Disk, "%", recent, figures => 100 - Mean(figures, ResourceMetric.DiskPercent), _ => PercentThatMatters);
        yield return Judge(
            host, window, Sensors.Network, "B/s", recent, Network, mean => Math.Max(NetworkShareThatMatters * mean, NetworkSpeedThatMatters));
        yield return Judge(host, window, Sensors.Gpu, "%", recent, figures => Mean(figures, ResourceMetric.GpuUtilizationPercent), _ => PercentThatMatters);
    }

    private static ResourceTrend Judge(
        HostResources host, TimeSpan window, string resource, string unit, List<ResourceMinute> minutes, Func<ResourceRollup, double?> read, Func<double, double> changeThatMatters)
    {
        var points = new List<TimedValue>(minutes.Count);
        foreach (var minute in minutes)
        {
            if (read(minute.Figures) is { } value && double.IsFinite(value))
            {
                points.Add(new(minute.Time, value));
            }
        }

        if (points.Count == 0)
        {
            string reason = host.Latest?.Sensors.GetValueOrDefault(resource).Reason ?? $"It was not measured in the last {Format.Number(window.TotalHours)} hours.";
            return new(resource, host.Source, TrendDirection.Unknown, null, unit, null, 0, reason);
        }

        var span = points[^1].Time - points[0].Time;
        if (span < MinimumSpan || MannKendall.Test(points, TestedPoints) is not { } test)
        {
            return new(resource, host.Source, TrendDirection.Unknown, null, unit, null, points.Count, "It was measured for less than an hour.");
        }

        double change = Math.Abs(test.SlopePerHour) * span.TotalHours;
        bool isClear = test.PValue < Alpha && change > changeThatMatters(points.Average(point => point.Value));
        var direction = !isClear ? TrendDirection.Stable : test.SlopePerHour > 0 ? TrendDirection.Increasing : TrendDirection.Decreasing;
        return new(resource, host.Source, direction, test.SlopePerHour, unit, test.PValue, test.Count, null);
    }

    private static double? Mean(ResourceRollup figures, ResourceMetric metric) => figures[metric]?.Mean;

    /// <summary>A host may report amounts instead of a percentage.</summary>
    private static double? MemoryPercent(ResourceRollup figures)
    {
        double? total = Mean(figures, ResourceMetric.MemoryTotalMb);
        double? used = Mean(figures, ResourceMetric.MemoryUsedMb) ?? total - Mean(figures, ResourceMetric.MemoryAvailableMb);
        return Mean(figures, ResourceMetric.MemoryPercent) ?? (total > 0 ? 100 * used / total : null);
    }

    private static double? Network(ResourceRollup figures) =>
        Mean(figures, ResourceMetric.NetworkRxBytesPerSecond) is { } received
            ? received + (Mean(figures, ResourceMetric.NetworkTxBytesPerSecond) ?? 0)
            : Mean(figures, ResourceMetric.NetworkTxBytesPerSecond);
}
