using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>A level of a resource that is worth a warning before it is reached.</summary>
/// <param name="Value">The level, in the unit of the target.</param>
/// <param name="IsExhaustion">Whether nothing is left then; otherwise it is a threshold of the settings.</param>
public sealed record ForecastLimit(double Value, bool IsExhaustion);

/// <summary>A resource of a host whose future is of interest, as series of equal steps.</summary>
/// <param name="Measure">The wire name of the metric that it is about.</param>
/// <param name="What">What it is called in a sentence, with article: <c>The disk</c>.</param>
/// <param name="Unit">The unit: <c>GiB</c> or <c>%</c>.</param>
/// <param name="IsRising">Whether the limits are reached from below; a disk runs out as its free space falls.</param>
/// <param name="IsAmount">Whether it can only run full by what is put into it, which a load of processors cannot.</param>
/// <param name="Limits">The limits, exhaustion first.</param>
/// <param name="Read">Gives the series, from those of the metrics.</param>
public sealed record ForecastTarget(
    string Measure, string What, string Unit, bool IsRising, bool IsAmount, IReadOnlyList<ForecastLimit> Limits, Func<IReadOnlyList<ResourceSeries>, ResourceSeries?> Read)
{
    private const double Full = 100;

    /// <summary>The targets of a host.</summary>
    public static IReadOnlyList<ForecastTarget> Of(PerformanceThresholds thresholds) =>
    [
        new(
            ResourceMetric.DiskFreeGb.Info().WireName, "The disk", "GiB", false, true, [new(0, true), new(thresholds.LowDiskGb, false)],
            series => Find(series, ResourceMetric.DiskFreeGb)),
        new(
            ResourceMetric.DiskPercent.Info().WireName, "The disk", "%", true, true, [new(Full, true)],
            series => Find(series, ResourceMetric.DiskFreeGb) is null ? Find(series, ResourceMetric.DiskPercent) : null),
        new(
            ResourceMetric.MemoryPercent.Info().WireName, "The memory", "%", true, true, [new(Full, true), new(thresholds.HighMemoryPercent, false)],
            series => Find(series, ResourceMetric.MemoryPercent) ?? Share(series, ResourceMetric.MemoryUsedMb, ResourceMetric.MemoryTotalMb)
                ?? Left(series, ResourceMetric.MemoryAvailableMb, ResourceMetric.MemoryTotalMb)),
        new(
            ResourceMetric.GpuMemoryPercent.Info().WireName, "The GPU memory", "%", true, true, [new(Full, true), new(thresholds.HighGpuMemoryPercent, false)],
            series => Find(series, ResourceMetric.GpuMemoryPercent) ?? Share(series, ResourceMetric.GpuMemoryUsedMb, ResourceMetric.GpuMemoryTotalMb)),
        new(
            ResourceMetric.CpuPercent.Info().WireName, "The CPU usage", "%", true, false, [new(thresholds.HighCpuPercent, false)],
            series => Find(series, ResourceMetric.CpuPercent)),
    ];

    private static ResourceSeries? Find(IReadOnlyList<ResourceSeries> series, ResourceMetric metric) => series.FirstOrDefault(one => one.Metric == metric);

    private static ResourceSeries? Share(IReadOnlyList<ResourceSeries> series, ResourceMetric part, ResourceMetric whole) =>
        Both(series, part, whole, (used, total) => total > 0 ? Full * used / total : double.NaN);

    private static ResourceSeries? Left(IReadOnlyList<ResourceSeries> series, ResourceMetric left, ResourceMetric whole) =>
        Both(series, left, whole, (available, total) => total > 0 ? Full - (Full * available / total) : double.NaN);

    private static ResourceSeries? Both(IReadOnlyList<ResourceSeries> series, ResourceMetric one, ResourceMetric other, Func<double, double, double> combine) =>
        Find(series, one) is { } first && Find(series, other) is { } second && first.Start == second.Start && first.Values.Count == second.Values.Count
            ? first with { Values = [.. first.Values.Zip(second.Values, combine)] }
            : null;
}
