using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>Lists ended operations with filter, statistics and charts. All of its state is in the URL.</summary>
public sealed partial class Operations
{
    private const int PageRows = 50;
    private const int ChartSteps = 120;
    private const string TrailKey = "page";

    private static readonly TimeSpan MinScanPause = TimeSpan.FromSeconds(5);

    private IReadOnlyList<TableColumn<Operation>> _columns = [];
    private OperationView _requestedView = new();
    private OperationView _view = new();
    private PageTrail _trail = PageTrail.First;
    private (RangeRequest Range, string? Source) _trailOf;
    private OperationPage _page = new([], null);
    private OperationSeries _series = new(null, null, null, new(default, default, "exact"));
    private (OperationView View, RangeRequest Range, string? Source)? _seriesKey;
    private long _seriesReadAt;
    private TimeSpan _seriesReadDuration;
    private TimeRange _range;
    private ChartData _durations = OperationCharts.Empty;
    private IReadOnlyList<ChartMark> _durationMarks = [];
    private IReadOnlyList<ChartMark> _countMarks = [];
    private ChartData _counts = OperationCharts.Empty;
    private TimeSpan _longest;
    private string? _address;

    [Inject]
    private AlertReader Alerts { get; set; } = default!;

    [Inject]
    private FindingReader Findings { get; set; } = default!;

    [Inject]
    private MarkerReader Markers { get; set; } = default!;

    [Inject]
    private IOperationReader Reader { get; set; } = default!;

    [Inject]
    private OperationStatistics Statistics { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    [Inject]
    private RetentionHorizons Horizons { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    /// <summary>The metric type to filter by (wire name).</summary>
    [SupplyParameterFromQuery(Name = "metric_type")]
    public string? MetricTypeText { get; set; }

    /// <summary>The outcome to filter by (wire name).</summary>
    [SupplyParameterFromQuery(Name = "status")]
    public string? Status { get; set; }

    /// <summary>The exact operation name to filter by.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    /// <summary>The text to find in name or error.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>The minimum duration in seconds.</summary>
    [SupplyParameterFromQuery(Name = "min_duration_seconds")]
    public string? MinSeconds { get; set; }

    /// <summary>The maximum duration in seconds.</summary>
    [SupplyParameterFromQuery(Name = "max_duration_seconds")]
    public string? MaxSeconds { get; set; }

    /// <summary>The sort order: <c>start_time</c> or <c>duration_seconds</c>; a leading <c>-</c> means descending.</summary>
    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>The cursors of the current table page.</summary>
    [SupplyParameterFromQuery(Name = TrailKey)]
    public string? Trail { get; set; }

    /// <summary>The comma-separated visible columns.</summary>
    [SupplyParameterFromQuery(Name = "columns")]
    public string? Columns { get; set; }

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _columns = MakeColumns();
        _trailOf = (State.Range, State.Source);
        Clock.Changed += Refresh;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Clock.Changed -= Refresh;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        string address = Address();
        _requestedView = ReadView();
        if (_address != address && IsLoaded)
        {
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        string address = Address();
        var view = ReadView();
        var trail = (State.Range, State.Source) == _trailOf ? PageTrail.Read(Trail) : PageTrail.First;
        var range = Range;
        var filter = view.ToFilter(State.Source);
        var page = await Reader.ReadPageAsync(new(range, filter, view.Order, PageRows, trail.Current), cancellationToken);
        await ReadSeriesAsync(view, range, filter, cancellationToken);
        (_address, _view, _trail, _page, _range) = (address, view, trail, page, range);
        _longest = page.Items.Count == 0 ? TimeSpan.Zero : page.Items.Max(operation => operation.Duration ?? TimeSpan.Zero);
        if (trail.Current is null && Trail is not null)
        {
            // Start at the first page for another range or source.
            _trailOf = (State.Range, State.Source);
            Url.Set(TrailKey, null, replace: true);
        }
    }

    /// <summary>Reads statistics and charts. If they require a scan of the rows, they are refreshed less often, using at most 5 % of the time.</summary>
    private async Task ReadSeriesAsync(OperationView view, TimeRange range, OperationFilter filter, CancellationToken cancellationToken)
    {
        var of = (view with { Order = default, Errors = OperationView.None }, State.Range, State.Source);
        bool isSame = _seriesKey == of;
        var pause = _seriesReadDuration * 20 > MinScanPause ? _seriesReadDuration * 20 : MinScanPause;
        if (isSame && !filter.UsesSeriesOnly && Time.GetElapsedTime(_seriesReadAt) < pause)
        {
            return;
        }

        long start = Time.GetTimestamp();
        var grid = Statistics.GridOver(range, ChartSteps);
        var series = await Statistics.ReadSeriesAsync(range, filter, grid, cancellationToken);
        (_series, _seriesKey, _seriesReadAt, _seriesReadDuration) = (series, of, Time.GetTimestamp(), Time.GetElapsedTime(start));
        _durations = OperationCharts.Durations(series.Steps, grid, range);
        _counts = OperationCharts.Counts(series.Steps, grid, range);
        var findings = (await Findings.ListAsync(new(range, filter.Series), cancellationToken)).Where(finding => finding.Latest.Since >= range.From).ToList();
        var markers = MarkerMarks.Of(await Markers.ReadForChartsAsync(range, filter.Series.Source, cancellationToken));
        var fired = await Alerts.ListFiredAsync(new(range), AlertMarks.MaxAlerts, cancellationToken);
        _durationMarks =
        [
            .. FindingMarks.Beginnings(findings.Where(finding => finding.Latest.Subject.Measure == FindingMeasures.Duration), markers),
            .. AlertMarks.OnDurations(filter.Series, fired),
        ];
        _countMarks =
        [
            .. FindingMarks.Beginnings(findings.Where(finding => finding.Latest.Subject.Measure is FindingMeasures.FailureRate or FindingMeasures.Throughput or FindingMeasures.Integrity), markers),
            .. AlertMarks.OnCounts(filter.Series, fired),
        ];
    }

    private void Refresh() => _ = InvokeAsync(StateHasChanged);

    private OperationView ReadView() => OperationView.Read(key => key switch
    {
        "metric_type" => MetricTypeText,
        "status" => Status,
        "name" => Name,
        "q" => Text,
        "min_duration_seconds" => MinSeconds,
        "max_duration_seconds" => MaxSeconds,
        "sort" => Sort,
        _ => null,
    });

    private string Address() => string.Join('\n', MetricTypeText, Status, Name, Text, MinSeconds, MaxSeconds, Sort, Trail);

    private void OnFilter(OperationFilterForm.FilterChange change) => Url.Set([.. change.Parameters, new(TrailKey, null)], change.Replace);

    private void RemoveFilter(string key) => Url.Set([new(key, null), new(TrailKey, null)]);

    private void ClearFilters() => Url.Set([.. OperationView.FilterKeys.Select(key => KeyValuePair.Create(key, (string?)null)), new(TrailKey, null)]);

    private void SortBy(string sort) => Url.Set([new("sort", sort == "-start_time" ? null : sort), new(TrailKey, null)]);

    private void ChooseColumns(string columns) => Url.Set("columns", columns, replace: true);

    private void Turn(int direction)
    {
        var trail = direction > 0 && _page.Next is { } next ? _trail.Forward(next) : _trail.Back();
        Url.Set(TrailKey, trail.ToString());
    }

    /// <summary>The operations of a bar: this view, limited to the bar's step and outcome.</summary>
    private string BarHref(string outcome, TimeRange step)
    {
        var range = RangeMoves.Fixed(step.From, step.To);
        string? status = Enum.TryParse(outcome, out OperationStatus known) ? known.WireName() : null;
        return Url.Href([new("from", range.From), new("to", range.To), new("window", null), new("status", status), new(TrailKey, null)]);
    }

    private void Zoom(TimeRange range) => State.SetRange(range.From, range.To);

    private string Href(Operation operation) => State.Href($"/operations/{operation.Id:D}");

    private string ExportHref(string format)
    {
        var parameters = new Dictionary<string, string?>(_view.ToParameters())
        {
            ["from"] = TimeText.Iso(_range.From),
            ["to"] = TimeText.Iso(_range.To),
            ["source"] = State.Source,
            ["bom"] = format == "csv" ? "true" : null,
        };
        return QueryHelpers.AddQueryString($"{State.Base}/export/operations.{format}", parameters.Where(parameter => parameter.Value is not null));
    }

    private List<FilterChip> Chips()
    {
        var chips = new List<FilterChip>();
        foreach (var (key, value) in _requestedView.ToParameters())
        {
            if (value is not null && OperationView.FilterKeys.Contains(key))
            {
                chips.Add(new(key, FilterTitle(key), key switch
                {
                    "metric_type" => _requestedView.MetricType!.Value.Singular(),
                    "status" => _requestedView.Status!.Value.ToString(),
                    "min_duration_seconds" => Format.Seconds(_requestedView.MinSeconds),
                    "max_duration_seconds" => Format.Seconds(_requestedView.MaxSeconds),
                    _ => value,
                }));
            }
        }

        return chips;
    }

    private static string FilterTitle(string key) => key switch
    {
        "metric_type" => "Type",
        "status" => "Outcome",
        "name" => "Name",
        "q" => "Text",
        "min_duration_seconds" => "Minimum duration",
        "max_duration_seconds" => "Maximum duration",
        _ => key,
    };

    private string Title() => _view.Order switch
    {
        OperationOrder.StartAscending => "Earliest first",
        OperationOrder.DurationDescending => "Longest first",
        OperationOrder.DurationAscending => "Shortest first",
        _ => "Latest first",
    };

    /// <summary>The total of all filtered operations, on all pages.</summary>
    private string? Total() => _series.Statistics is { } all && _page.Items.Count > 0
        ? $"{Format.Count(all.Count + all.Cancelled + all.Abandoned)} operations, {Format.Count(all.Failed)} failed, P95 {Format.Seconds(all.P95)}"
        : null;

    private string? PageText()
    {
        if (_page.Items.Count == 0)
        {
            return null;
        }

        if (_series.Statistics is not { } all || _trail.Cursors.Count == PageTrail.MaxPages)
        {
            return $"Page {_trail.Cursors.Count + 1}, {_page.Items.Count} rows";
        }

        long first = ((long)_trail.Cursors.Count * PageRows) + 1;
        long total = Math.Max(all.Count + all.Cancelled + all.Abandoned, first + _page.Items.Count - 1);
        return $"{Format.Count(first)}–{Format.Count(first + _page.Items.Count - 1)} of {Format.Count(total)}";
    }

    private string? RangeNote() => _series.Range.Resolution == "exact" && _series.Range.From <= _range.From
        ? null
        : _series.Range.Resolution == "exact"
            ? "The statistics start later than the range: older operations are no longer stored."
            : $"The statistics cover whole {_series.Range.Resolution}s: older operations are stored only as aggregates, so the table may contain fewer operations.";

    private string ChartWhy() => _series.Reason ?? EmptyWhy();

    /// <summary>Explains operations that are no longer stored: the statistics above may still include them.</summary>
    private string EmptyWhy() => EmptyReason() + (_range.From < Horizons.OldestRow
        ? $" Single operations before {Clock.Format(Horizons.OldestRow, TimePrecision.Minute)} are no longer stored" + (Horizons.OldestRow == Horizons.Size.Rows ? " because the database reached its size limit." : ".")
        : "");

    private string EmptyReason() => _view.IsFiltered
        ? "No operations that ended in this range match the filters."
        : State.Source is { } source
            ? $"No operations of {source} ended in this range."
            : "No operations ended in this range. Running operations are on the Live page.";
}
