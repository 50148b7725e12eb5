using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Marks findings on time charts.</summary>
internal static class FindingMarks
{
    private const int MaxLines = 10;

    /// <summary>The most likely beginning as a line, the plausible ones as a period, and the end.</summary>
    public static IReadOnlyList<ChartMark> Of(Finding finding)
    {
        var latest = finding.Latest;
        string state = finding.State == FindingState.Closed ? "neutral" : latest.Severity.WireName();
        var marks = new List<ChartMark> { new(latest.Since, null, "since", state) };
        if (latest.SinceHigh > latest.SinceLow)
        {
            marks.Add(new(latest.SinceLow, latest.SinceHigh, "", state));
        }

        if (finding.Until is { } until)
        {
            marks.Add(new(until, null, "until", state));
        }

        return marks;
    }

    /// <summary>Marks where findings began, on a chart that shows several things: a line each with its kind, at most <see cref="MaxLines"/>; other marks follow.</summary>
    public static IReadOnlyList<ChartMark> Beginnings(IEnumerable<Finding> findings, IReadOnlyList<ChartMark>? others = null) =>
    [
        .. findings.Take(MaxLines).Select(finding => new ChartMark(
            finding.Latest.Since, null, finding.Latest.Kind.WireName().Replace('_', ' '), finding.State == FindingState.Closed ? "neutral" : finding.Latest.Severity.WireName(),
            FindingLinks.InsightsPath(finding.Id))),
        .. others ?? [],
    ];

    /// <summary>Adds marks to resource charts: each finding about a host on the chart that shows its metric.</summary>
    public static IReadOnlyList<ChartModel> OnHost(IReadOnlyList<ChartModel> charts, string host, IReadOnlyList<Finding> findings)
    {
        var found = findings.Where(finding => finding.Latest.Subject.Source == host).ToList();
        return found.Count == 0
            ? charts
            : [.. charts.Select(chart => chart with { Marks = Beginnings(found.Where(finding => Shows(chart.Key, finding.Latest.Subject.Measure))) })];
    }

    /// <summary>Whether a chart shows a metric.</summary>
    /// <param name="chart">The key of the chart.</param>
    /// <param name="measure">The wire name of the metric.</param>
    public static bool Shows(string chart, string measure) => ResourceMetrics.Find(measure) is { } info && chart switch
    {
        "load" => measure.StartsWith("load_", StringComparison.Ordinal),
        "swap" => measure.StartsWith("swap_", StringComparison.Ordinal),
        "disk_free" or "disk" => info.Metric is ResourceMetric.DiskFreeGb or ResourceMetric.DiskPercent,
        "disk_rate" => info.Metric is ResourceMetric.DiskReadBytesPerSecond or ResourceMetric.DiskWriteBytesPerSecond,
        "gpu_temperature" => info.Metric == ResourceMetric.GpuTemperatureCelsius,
        "gpu_power" => info.Metric == ResourceMetric.GpuPowerWatts,
        "process_cpu" => info.Metric == ResourceMetric.ProcessCpuPercent,
        "process_memory" => info.Metric == ResourceMetric.ProcessMemoryMb,
        _ => info.Sensor == chart,
    };
}
