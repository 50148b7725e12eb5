using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>A resource metric in which more than usual is a problem.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Words">What it is called within a sentence.</param>
/// <param name="Floor">A lower value is never a problem, in the unit of the metric.</param>
/// <param name="Least">The least difference from what is usual that matters, in the unit of the metric.</param>
/// <param name="LeastRatio">The least difference relative to what is usual; the larger of both counts.</param>
internal sealed record WatchedMetric(ResourceMetric Metric, string Words, double Floor, double Least, double LeastRatio)
{
    /// <summary>
    /// The metrics that are watched, each for a rise. Left out: totals and counts (they change when a machine does), disk space (its forecast tells), reads, writes, traffic and GPU
    /// utilization (a burst of work is no problem), and metrics that repeat another one.
    /// </summary>
    public static IReadOnlyList<WatchedMetric> All { get; } =
    [
        new(ResourceMetric.CpuPercent, "CPU", Floor: 50, Least: 15, LeastRatio: 0),
        new(ResourceMetric.Load5, "load", Floor: 2, Least: 2, LeastRatio: 0.5),
        new(ResourceMetric.MemoryPercent, "memory", Floor: 50, Least: 5, LeastRatio: 0),
        new(ResourceMetric.SwapUsedMb, "swap", Floor: 256, Least: 256, LeastRatio: 0.25),
        new(ResourceMetric.GpuMemoryPercent, "GPU memory", Floor: 60, Least: 10, LeastRatio: 0),
        new(ResourceMetric.GpuTemperatureCelsius, "GPU temperature", Floor: 70, Least: 8, LeastRatio: 0),
        new(ResourceMetric.ProcessMemoryMb, "memory of the process", Floor: 256, Least: 128, LeastRatio: 0.25),
        new(ResourceMetric.ProcessThreads, "number of threads of the process", Floor: 50, Least: 20, LeastRatio: 0.5),
    ];
}
