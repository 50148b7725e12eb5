using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Pages.Resources;

/// <summary>Shows the resources of a host, now and over the selected range.</summary>
public sealed partial class Resources
{
    private const int ChartPoints = 300;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private IReadOnlyList<ResourceSample> _hosts = [];
    private string? _host;
    private ResourceSample? _sample;
    private IReadOnlyList<ResourceTile> _tiles = [];
    private IReadOnlyList<ChartModel> _charts = [];
    private string? _unknownTrends;
    private ResourceSeriesAnswer? _history;
    private (string Host, RangeRequest Range, DateTimeOffset? PausedAt)? _historyOf;
    private long _historyAt;

    [Inject]
    private AlertReader Alerts { get; set; } = default!;

    [Inject]
    private FindingReader Findings { get; set; } = default!;

    [Inject]
    private MarkerReader Markers { get; set; } = default!;

    [Inject]
    private ResourceHistory History { get; set; } = default!;

    [Inject]
    private AnalysisService Analysis { get; set; } = default!;

    [Inject]
    private LossBook Losses { get; set; } = default!;

    [Inject]
    private LossNotice LossNotice { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    [Inject]
    private ThresholdSettings Thresholds { get; set; } = default!;

    /// <summary>What the host lost in the range, because the charts lack it; without what the notice on every page says already.</summary>
    private IEnumerable<string> Lost => LossWords.Sentences(Losses.All.Where(loss => loss.Source == _host && loss.To >= Range.From && loss.From < Range.To))
        .Where(sentence => LossNotice.Read()?.Contains(sentence, StringComparison.Ordinal) != true);

    private static string Own => HostSource.Name;

    /// <summary>The charts with data; all of them when none has any, because each says why.</summary>
    private IReadOnlyList<ChartModel> ShownCharts => HasData ? [.. _charts.Where(chart => !chart.Data.IsEmpty)] : _charts;

    /// <summary>The titles of the charts that are left out, because the host does not report what they show.</summary>
    private string EmptyCharts => HasData ? string.Join(", ", _charts.Where(chart => chart.Data.IsEmpty).Select(chart => chart.Title)) : "";

    private bool HasData => _charts.Any(chart => !chart.Data.IsEmpty);

    private bool IsStale => _sample?.IsFreshAt(State.AsOf) == false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _hosts = await History.ReadLatestAsync(cancellationToken: cancellationToken);
        _host = State.Source is not null ? HostSource.Of(State.Source)
            : _hosts.Any(host => host.Source == Own) ? Own
            : _hosts is [var first, ..] ? first.Source : null;
        _sample = _hosts.FirstOrDefault(sample => sample.Source == _host);
        if (_host is null || _sample is null)
        {
            return;
        }

        await ReadHistoryAsync(_host, _sample, cancellationToken);
        var analysis = await Analysis.GetAsync(null, cancellationToken);
        _tiles = ResourceTiles.All(new(_host, _sample, _history!, analysis.Trends, analysis.Bottlenecks, Thresholds.Current, State.AsOf));
        _unknownTrends = UnknownTrends(_host, analysis.Trends);
    }

    /// <summary>Reads the history, at most three times per chart step, because the last step changes little in between.</summary>
    private async Task ReadHistoryAsync(string host, ResourceSample sample, CancellationToken cancellationToken)
    {
        var of = (host, State.Range, State.PausedAt);
        var pause = TimeSpan.FromSeconds(Math.Clamp((_history?.StepSeconds ?? 0) / 3, MinPause.TotalSeconds, MaxPause.TotalSeconds));
        if (_historyOf == of && Time.GetElapsedTime(_historyAt) < pause)
        {
            return;
        }

        var range = Range;
        _history = await History.ReadAsync(host, range, ChartPoints, cancellationToken);
        var charts = ResourceCharts.WithLimits(ResourceCharts.Of(host, sample, range, _history), Thresholds.Current, sample[ResourceMetric.CpuCount]);
        var fired = await Alerts.ListFiredAsync(new(range) { Source = host }, AlertMarks.MaxAlerts, cancellationToken);
        _charts = MarkerMarks.On(
            AlertMarks.OnHost(FindingMarks.OnHost(charts, host, await Findings.ListAsync(new(range, new() { Source = host }), cancellationToken)), host, fired),
            await Markers.ReadForChartsAsync(range, host, cancellationToken));
        (_historyOf, _historyAt) = (of, Time.GetTimestamp());
    }

    private void Zoom(TimeRange range) => State.SetRange(range.From, range.To);

    private static string? UnknownTrends(string host, IReadOnlyList<ResourceTrend> trends)
    {
        var unknown = trends.Where(trend => trend.Source == host && trend.Direction == TrendDirection.Unknown && trend.Points > 0)
            .GroupBy(trend => trend.Reason).Select(group => $"{string.Join(", ", group.Select(trend => SensorNames.Title(trend.Resource)))}: {group.Key}").ToList();
        return unknown.Count == 0 ? null : "No trend yet: " + string.Join(" ", unknown);
    }
}
