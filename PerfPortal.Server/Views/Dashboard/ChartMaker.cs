using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Controls;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>What the charts are made from.</summary>
/// <param name="Host">The host of the resources.</param>
/// <param name="Range">The page's range.</param>
/// <param name="Resources">The charts of the resources, without limits.</param>
/// <param name="Grid">The steps of the operations.</param>
/// <param name="Operations">The operations of the range by step and metric type.</param>
/// <param name="Thresholds">The limits.</param>
/// <param name="Gpu">What the newest sample says of the GPU sensor.</param>
internal sealed record ChartInput(
    string Host, TimeRange Range, IReadOnlyList<DashboardChart> Resources, BucketGrid Grid, StatisticsAnswer Operations, PerformanceThresholds Thresholds, SensorStatus? Gpu);

/// <summary>Turns figures into charts.</summary>
internal static class ChartMaker
{
    /// <summary>The charts of a range.</summary>
    public static DashboardCharts Of(ChartInput input)
    {
        bool isGpu = input.Resources.Any(chart => chart.Key == Sensors.Gpu);
        return new(
            [.. input.Resources.Select(chart => chart with { Thresholds = Limits(chart.Key, input.Thresholds) }), Operations(input)],
            isGpu ? null : input.Gpu?.Reason ?? $"{input.Host} reported no GPU in this range.");
    }

    /// <summary>The charts of a host's resources, without limits; the one of the GPU only where there are values of it.</summary>
    public static IReadOnlyList<DashboardChart> Resources(string host, TimeRange range, ResourceSeriesAnswer answer)
    {
        DashboardChart Chart(string key, string title, string unit, double? top, params (string Name, ResourceMetric Metric)[] series) => new(
            key, title, unit,
            new(range.From, range.To, answer.Times, [.. series.Where(one => answer.Series.ContainsKey(one.Metric)).Select(one => Series(one.Name, answer.Series[one.Metric]))]),
            [], top, $"No {title} samples of {host} in this range. Widen the range, or choose another source.");

        DashboardChart[] charts =
        [
            Chart(Sensors.Cpu, "CPU", "%", 100, ("In use", ResourceMetric.CpuPercent)),
            Chart(Sensors.Memory, "Memory", "%", 100, ("In use", ResourceMetric.MemoryPercent)),
            Chart(Sensors.Network, "Network", "bytes/s", null, ("Received", ResourceMetric.NetworkRxBytesPerSecond), ("Sent", ResourceMetric.NetworkTxBytesPerSecond)),
            Chart(Sensors.Gpu, "GPU", "%", 100, ("Busy", ResourceMetric.GpuUtilizationPercent), ("Memory", ResourceMetric.GpuMemoryPercent)),
        ];
        return [.. charts.Where(chart => chart.Key != Sensors.Gpu || !chart.Data.IsEmpty)];
    }

    private static ChartThreshold[] Limits(string key, PerformanceThresholds limits) => key switch
    {
        Sensors.Cpu => Limit(limits.HighCpuPercent),
        Sensors.Memory => Limit(limits.HighMemoryPercent),
        Sensors.Gpu => Limit(limits.HighGpuMemoryPercent, "memory limit"),
        _ => [],
    };

    /// <summary>The band from the least to the greatest value is drawn only where a step holds more than one value.</summary>
    private static ChartSeries Series(string name, IReadOnlyList<ResourcePoint?> points)
    {
        bool isBand = points.Any(point => point is { } one && one.Max > one.Min);
        return new(
            name, points.Select(point => point?.Mean).ToArray(),
            Low: isBand ? points.Select(point => point?.Min).ToArray() : null, High: isBand ? points.Select(point => point?.Max).ToArray() : null);
    }

    private static DashboardChart Operations(ChartInput input)
    {
        var times = Enumerable.Range(0, input.Grid.Count).Select(input.Grid.Start).ToArray();
        double?[] succeeded = new double?[times.Length];
        double?[] failed = new double?[times.Length];
        Array.Fill(succeeded, 0);
        Array.Fill(failed, 0);
        bool isAny = false;
        foreach (var (group, builder) in input.Operations.Groups.Where(pair => pair.Key.Step >= 0 && pair.Key.Step < times.Length))
        {
            var statistics = builder.Build(input.Grid.Step);
            succeeded[group.Step] += statistics.Succeeded;
            failed[group.Step] += statistics.Failed;
            isAny |= statistics.Count > 0;
        }

        ChartSeries[] series = isAny
            ? [new("Succeeded", succeeded, ChartKind.Bar, Stack: "operations"), new("Failed", failed, ChartKind.Bar, Color: "--crit", Stack: "operations")]
            : [];
        return new(
            "operations", $"Operations finished per {Step(input.Grid.Step)}", null, new(input.Range.From, input.Range.To, times, series), [], null,
            "No operation finished in this range. Widen the range, or choose another source.");
    }

    private static string Step(TimeSpan step) => step switch
    {
        { TotalDays: 1 } => "day",
        { TotalHours: 1 } => "hour",
        { TotalMinutes: 1 } => "minute",
        { TotalDays: >= 1 } => $"{Format.Number(step.TotalDays)} days",
        { TotalHours: >= 1 } => $"{Format.Number(step.TotalHours)} hours",
        _ => $"{Format.Number(step.TotalMinutes)} minutes",
    };

    private static ChartThreshold[] Limit(double percent, string word = "limit") => [new(percent, $"{word} {Format.Percent(percent)}")];
}
