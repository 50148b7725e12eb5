using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Caching;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>Composes the dashboard from the readers that the other pages use.</summary>
internal sealed class DashboardReader(
    AnalysisService analysis, RecommendationReader recommendations, FindingReader findings, IncidentReader incidents, MarkerReader markers, AlertReader alerts, StatisticsReader statistics,
    ResourceHistory resources, ActiveReader active, ActiveOperations inFlight, ThresholdSettings thresholds, TimeProvider time)
{
    /// <summary>The maximum number of running operations on the dashboard.</summary>
    public const int MaxActive = 5;

    private const int ResourcePoints = 300;
    private const int OperationSteps = 96;
    private const int TilePoints = 60;
    private static readonly TimeSpan TileWindow = TimeSpan.FromHours(1);

    private readonly RecentReads _recent = new(time);

    /// <summary>Forgets what was read lately.</summary>
    public void Forget() => _recent.Clear();

    /// <summary>Reads the dashboard of a range.</summary>
    /// <param name="range">The page's range.</param>
    /// <param name="source">The page's source, or <see langword="null"/> for all.</param>
    /// <param name="asOf">The time as of which the view is read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<DashboardView> ReadAsync(TimeRange range, string? source, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = source };
        var result = await analysis.GetAsync(source, cancellationToken).ConfigureAwait(false);
        var limits = thresholds.Current;

        string host = HostSource.Of(source);
        var latest = await resources.ReadNewestAsync(host, cancellationToken).ConfigureAwait(false);
        var lastHour = new TimeRange(asOf - TileWindow, asOf);
        var hour = await _recent.GetAsync($"tiles of {host}", lastHour, () => resources.ReadAsync(host, lastHour, TilePoints, cancellationToken)).ConfigureAwait(false);
        var charts = await _recent.GetAsync(
            $"charts of {host}", range,
            async () => ResourceCharts.Of(
                host, latest, range, await resources.ReadAsync(host, range, ResourcePoints, cancellationToken).ConfigureAwait(false), ResourceCharts.Overview))
            .ConfigureAwait(false);

        var grid = BucketGrid.Over(range, OperationSteps, StatisticsReader.FinestStep);
        var steps = await ReadStepsAsync(range, filter, grid, cancellationToken).ConfigureAwait(false);
        grid = steps.Grid!;
        var rows = await ReadTypesAsync(range, filter, steps, grid, cancellationToken).ConfigureAwait(false);

        var open = await findings.ListOpenAsync(source, cancellationToken).ConfigureAwait(false);
        var book = await alerts.ReadBookAsync(cancellationToken).ConfigureAwait(false);
        var fired = await _recent.GetAsync("alerts", range, () => alerts.ListFiredAsync(new(range), AlertMarks.MaxAlerts, cancellationToken)).ConfigureAwait(false);
        var hosts = source is null ? await resources.ReadLatestAsync(null, cancellationToken).ConfigureAwait(false) : [];

        return new()
        {
            ReadAt = time.GetUtcNow(),
            Analysis = result,
            Active = await active.ReadAsync(filter, includePortal: false, passes: null, MaxActive, cancellationToken).ConfigureAwait(false),
            Host = host,
            Tiles = ResourceTiles.Overview(new(host, latest, hour, result.Trends, result.Bottlenecks, limits, time.GetUtcNow())),
            Types = rows,
            Own = source is null ? await ReadOwnAsync(range, grid, cancellationToken).ConfigureAwait(false) : null,
            Charts = MarkerMarks.On(
                [
                    .. AlertMarks.OnHost(FindingMarks.OnHost(ResourceCharts.WithLimits(charts, limits), host, open), host, fired),
                    AlertMarks.OnOperations(OperationsChart.Of(range, grid, steps), source, fired),
                ],
                await markers.ReadForChartsAsync(range, source, cancellationToken).ConfigureAwait(false)),
            GpuMissingReason = charts.Any(chart => chart.Key == Sensors.Gpu) ? null : GpuMissingReason(host, latest),
            Hosts = HostRow.Of(hosts, open, result.Bottlenecks, limits, time.GetUtcNow()),
            Findings = open,
            Alerts =
            [
                .. book.Unattended.Where(alert => source is null || alert.Subject.Source is null || alert.Subject.Source == source)
                    .Select(alert => new FiringAlert(alert.Id, alert.Severity == AlertSeverity.Critical, AlertWords.Sentence(alert, asOf))),
            ],
            Incidents = await incidents.OfAsync(open, cancellationToken).ConfigureAwait(false),
            Recommendations = await recommendations.ListOpenAsync(source, cancellationToken).ConfigureAwait(false),
            Thresholds = limits,
        };
    }

    private Task<StatisticsAnswer> ReadStepsAsync(TimeRange range, SeriesFilter filter, BucketGrid grid, CancellationToken cancellationToken) =>
        statistics.ReadAsync(new(range, filter, StatisticsGrouping.MetricType, grid, WithFacts: false), cancellationToken);

    private async Task<IReadOnlyList<TypeRow>> ReadTypesAsync(
        TimeRange range, SeriesFilter filter, StatisticsAnswer steps, BucketGrid grid, CancellationToken cancellationToken)
    {
        var compared = (await CompareAsync(range, filter, cancellationToken).ConfigureAwait(false)).Types.ToDictionary(type => type.MetricType!.Value);
        var running = inFlight.List(filter).CountBy(one => one.Current.MetricType).ToDictionary();
        var nothing = new StatisticsBuilder().Build(range.Length);
        return
        [
            .. MetricTypes.All.Select(type => new TypeRow(
                type, compared.GetValueOrDefault(type)?.Statistics ?? nothing, compared.GetValueOrDefault(type)?.Base ?? nothing,
                TypeRows.Series(steps, grid, group => group.MetricType == type), running.GetValueOrDefault(type))
            {
                Judgement = compared.GetValueOrDefault(type)?.Judgement,
            }),
        ];
    }

    private async Task<TypeRow> ReadOwnAsync(TimeRange range, BucketGrid grid, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = PortalSource.Name };
        var total = (await CompareAsync(range, filter, cancellationToken).ConfigureAwait(false)).Total;
        var steps = await ReadStepsAsync(range, filter, grid, cancellationToken).ConfigureAwait(false);
        return new(null, total.Statistics, total.Base, TypeRows.Series(steps, grid, _ => true), inFlight.List(filter).Count) { Judgement = total.Judgement };
    }

    /// <summary>Compares the range with the previous period as <c>/compare</c> does; the figures of the previous period are kept for a while.</summary>
    private async Task<PeriodComparison> CompareAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var before = await _recent.GetAsync(
            $"before {filter.Source}", range.Previous, () => ReadNamesAsync(range.Previous, filter, cancellationToken)).ConfigureAwait(false);
        return PeriodComparer.Compare(await ReadNamesAsync(range, filter, cancellationToken).ConfigureAwait(false), before);
    }

    private Task<StatisticsAnswer> ReadNamesAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken) =>
        statistics.ReadAsync(new(range, filter, StatisticsGrouping.MetricType | StatisticsGrouping.Name, WithFacts: false), cancellationToken);

    private static string GpuMissingReason(string host, ResourceSample? latest) =>
        latest?.Sensors.TryGetValue(Sensors.Gpu, out var status) == true && status.Reason is { } reason ? reason : $"{host} reported no GPU in this range.";
}
