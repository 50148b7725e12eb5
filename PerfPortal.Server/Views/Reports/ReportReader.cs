using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Views.Reports;

/// <summary>
/// Composes the report of a window from the services behind the pages and the other endpoints, so that all of them show the same data.
/// Bottlenecks, score and trends are from an analysis that ends with the window; for a window that ends now it is the shared analysis.
/// </summary>
internal sealed class ReportReader(
    StatisticsReader statistics, ResourceHistory resources, PeriodComparer comparer, AnalysisService analysis, RecommendationReader recommendations,
    FindingReader findings, IncidentReader incidents, ThresholdSettings thresholds, DemonstrationMark demonstration, TimeProvider time)
{
    /// <summary>The maximum number of hosts in a report.</summary>
    public const int MaxHosts = 50;

    /// <summary>The maximum number of findings in a report.</summary>
    public const int MaxFindings = 100;

    private const int TimelineSteps = 96;
    private const int ResourceSteps = 120;

    /// <summary>A window that ends within this of the present counts as ending now.</summary>
    private static readonly TimeSpan Present = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<ResourceMetric> Shown =
    [
        ResourceMetric.CpuPercent, ResourceMetric.Load1, ResourceMetric.MemoryPercent, ResourceMetric.MemoryUsedMb, ResourceMetric.SwapUsedMb, ResourceMetric.DiskFreeGb,
        ResourceMetric.DiskReadBytesPerSecond, ResourceMetric.DiskWriteBytesPerSecond, ResourceMetric.NetworkRxBytesPerSecond, ResourceMetric.NetworkTxBytesPerSecond,
        ResourceMetric.GpuUtilizationPercent, ResourceMetric.GpuMemoryUsedMb, ResourceMetric.GpuMemoryPercent, ResourceMetric.GpuTemperatureCelsius,
        ResourceMetric.GpuPowerWatts,
    ];

    /// <summary>Composes the report.</summary>
    /// <param name="range">The window, which selects operations by end time; must not be empty.</param>
    /// <param name="source">The source; <see langword="null"/> for all except the portal itself.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The window is empty.</exception>
    public async Task<PerformanceReport> ReadAsync(TimeRange range, string? source, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = source };
        var figures = await statistics.ReadAsync(new(range, filter, StatisticsGrouping.MetricType | StatisticsGrouping.Name), cancellationToken).ConfigureAwait(false);
        var compared = await comparer.CompareAsync(range, range.Previous, filter, cancellationToken).ConfigureAwait(false);
        var analysed = await AnalyseAsync(range.To, source, cancellationToken).ConfigureAwait(false);
        var found = await findings.ListAsync(new(range, filter), cancellationToken).ConfigureAwait(false);
        return new()
        {
            GeneratedAt = time.GetUtcNow(),
            Range = ReportRange.Of(figures.Range),
            Source = source,
            ContainsDemonstrationData = await demonstration.IsInAsync(source, cancellationToken).ConfigureAwait(false),
            Summary = compared.Total.Statistics,
            Score = analysed.Score,
            Types = ReportGroups.Types(figures),
            Names = ReportGroups.Names(figures),
            Resources = await ReadHostsAsync(range, source, cancellationToken).ConfigureAwait(false),
            Analysis = new(analysed.Range.From, analysed.Range.To, analysed.OperationsExamined, analysed.SamplesExamined, analysed.Milliseconds),
            Bottlenecks = analysed.Bottlenecks,
            Findings = [.. ReportFinding.Of(await incidents.OfAsync(found, cancellationToken).ConfigureAwait(false)).Take(MaxFindings)],
            Recommendations = await recommendations.WithStateAsync(analysed.Recommendations, cancellationToken).ConfigureAwait(false),
            Trends = analysed.Trends,
            Comparison = ReportComparison.Of(compared),
            Timeline = await ReadTimelineAsync(range, filter, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<AnalysisResult> AnalyseAsync(DateTimeOffset end, string? source, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return end > now - Present
            ? await analysis.GetAsync(source, cancellationToken).ConfigureAwait(false)
            : await analysis.AnalyzeAsync(source, thresholds.Current, end, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ReportHost>> ReadHostsAsync(TimeRange range, string? source, CancellationToken cancellationToken)
    {
        var hosts = new List<ReportHost>();
        foreach (var latest in await resources.ReadLatestAsync(source is null ? null : HostSource.Of(source), cancellationToken).ConfigureAwait(false))
        {
            if (hosts.Count == MaxHosts)
            {
                break;
            }

            var history = await resources.ReadAsync(latest.Source, range, ResourceSteps, cancellationToken).ConfigureAwait(false);
            var metrics = Shown.Where(history.Series.ContainsKey).Select(metric => Metric(metric, history.Series[metric])).OfType<ReportMetric>().ToList();
            if (metrics.Count > 0)
            {
                hosts.Add(new(
                    latest.Source, metrics,
                    latest.Sensors.Where(sensor => sensor.Value.State != SensorState.Ok).ToDictionary(sensor => sensor.Key, sensor => sensor.Value.Reason ?? "The sensor has no measurements.")));
            }
        }

        return hosts;
    }

    private static ReportMetric? Metric(ResourceMetric metric, IReadOnlyList<ResourcePoint?> points)
    {
        var known = points.OfType<ResourcePoint>().ToList();
        return known.Count == 0 ? null : new(
            metric.Info().WireName, metric.Info().Unit, known.Min(point => point.Min), known.Average(point => point.Mean), known.Max(point => point.Max),
            [.. points.Select(point => point?.Mean)]);
    }

    private async Task<ReportTimeline> ReadTimelineAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var grid = BucketGrid.Over(range, TimelineSteps, StatisticsReader.FinestStep);
        var answer = await statistics.ReadAsync(new(range, filter, Grid: grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        grid = answer.Grid!;
        return new(
            grid.Step.TotalSeconds,
            [
                .. Enumerable.Range(0, grid.Count).Select(step =>
                {
                    var figures = answer.Of(new(step, null, null, null));
                    return new ReportStep(grid.Start(step), figures.Succeeded, figures.Failed, figures.P95);
                }),
            ]);
    }
}
