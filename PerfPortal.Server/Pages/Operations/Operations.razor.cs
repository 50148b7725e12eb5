using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>The explorer of ended operations: filter, figures, course, rows. All of its state stands in the address.</summary>
public sealed partial class Operations
{
    private const int PageRows = 50;
    private const int ChartSteps = 120;
    private const int MaxNames = 200;
    private const string TrailKey = "page";

    private static readonly TimeSpan MinScanPause = TimeSpan.FromSeconds(5);

    private IReadOnlyList<TableColumn<Operation>> _columns = [];
    private OperationView _asked = new();
    private OperationView _view = new();
    private PageTrail _trail = PageTrail.First;
    private (RangeRequest Range, string? Source) _trailOf;
    private OperationPage _page = new([], null);
    private OperationSeries _course = new(null, null, null, new(default, default, "exact"));
    private (OperationView View, RangeRequest Range, string? Source)? _courseOf;
    private long _courseAt;
    private TimeSpan _courseCost;
    private TimeRange _range;
    private ChartData _durations = OperationCharts.Empty;
    private ChartData _counts = OperationCharts.Empty;
    private IReadOnlyList<string> _names = [];
    private string? _address;

    [Inject]
    private IOperationReader Reader { get; set; } = default!;

    [Inject]
    private OperationStatistics Statistics { get; set; } = default!;

    [Inject]
    private StatisticsReader Figures { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Only this metric type, by its wire name.</summary>
    [SupplyParameterFromQuery(Name = "metric_type")]
    public string? MetricTypeText { get; set; }

    /// <summary>Only this outcome, by its wire name.</summary>
    [SupplyParameterFromQuery(Name = "status")]
    public string? Status { get; set; }

    /// <summary>Only this operation name.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    /// <summary>A text in the name or the error.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>The shortest duration, seconds.</summary>
    [SupplyParameterFromQuery(Name = "min_duration_seconds")]
    public string? MinSeconds { get; set; }

    /// <summary>The longest duration, seconds.</summary>
    [SupplyParameterFromQuery(Name = "max_duration_seconds")]
    public string? MaxSeconds { get; set; }

    /// <summary>The order: <c>start_time</c> or <c>duration_seconds</c>; a leading <c>-</c> means descending.</summary>
    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>The cursors that lead to the page of the table.</summary>
    [SupplyParameterFromQuery(Name = TrailKey)]
    public string? Trail { get; set; }

    /// <summary>The columns that are shown, joined by commas.</summary>
    [SupplyParameterFromQuery(Name = "columns")]
    public string? Columns { get; set; }

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _columns = MakeColumns();
        _trailOf = (State.Range, State.Source);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        string address = Address();
        _asked = ReadView();
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
        if (trail.Current is null && Trail is not null)
        {
            // Another range or source begins at its first page.
            _trailOf = (State.Range, State.Source);
            Url.Set(TrailKey, null, replace: true);
        }
    }

    /// <summary>Figures that need the rows are not read again as often as something happens: they take a twentieth of the time at most.</summary>
    private async Task ReadSeriesAsync(OperationView view, TimeRange range, OperationFilter filter, CancellationToken cancellationToken)
    {
        var of = (view with { Order = default, Errors = OperationView.None }, State.Range, State.Source);
        bool isSame = _courseOf == of;
        var pause = _courseCost * 20 > MinScanPause ? _courseCost * 20 : MinScanPause;
        if (isSame && !filter.IsOverSeriesOnly && Time.GetElapsedTime(_courseAt) < pause)
        {
            return;
        }

        long start = Time.GetTimestamp();
        var grid = Statistics.GridOver(range, ChartSteps);
        var series = await Statistics.ReadSeriesAsync(range, filter, grid, cancellationToken);
        if (!isSame)
        {
            var names = await Figures.ReadAsync(new(range, filter.Series with { Name = null }, StatisticsGrouping.Name), cancellationToken);
            _names = [.. names.Groups.OrderByDescending(group => group.Value.Durations.Count).Select(group => group.Key.Name!).Take(MaxNames)];
        }

        (_course, _courseOf, _courseAt, _courseCost) = (series, of, Time.GetTimestamp(), Time.GetElapsedTime(start));
        _durations = OperationCharts.Durations(series.Steps, grid, range);
        _counts = OperationCharts.Counts(series.Steps, grid, range);
    }

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

    private void Zoom(TimeRange range) => State.SetRange(range.From, range.To);

    private string Href(Operation operation) => State.Href($"/operations/{operation.Id:D}");

    private void Open(Operation operation) => Navigation.NavigateTo(Href(operation));

    private string ExportHref(string format)
    {
        var parameters = new Dictionary<string, string?>(_view.ToParameters())
        {
            ["from"] = TimeText.Iso(_range.From),
            ["to"] = TimeText.Iso(_range.To),
            ["source"] = State.Source,
        };
        return QueryHelpers.AddQueryString($"/export/operations.{format}", parameters.Where(parameter => parameter.Value is not null));
    }

    private List<FilterChip> Chips()
    {
        var chips = new List<FilterChip>();
        foreach (var (key, value) in _asked.ToParameters())
        {
            if (value is not null && OperationView.FilterKeys.Contains(key))
            {
                chips.Add(new(key, FilterTitle(key), key switch
                {
                    "metric_type" => _asked.MetricType!.Value.Singular(),
                    "status" => _asked.Status!.Value.ToString(),
                    "min_duration_seconds" => Format.Seconds(_asked.MinSeconds),
                    "max_duration_seconds" => Format.Seconds(_asked.MaxSeconds),
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
        "min_duration_seconds" => "At least",
        "max_duration_seconds" => "At most",
        _ => key,
    };

    private string Title() => _view.Order switch
    {
        OperationOrder.StartAscending => "Earliest first",
        OperationOrder.DurationDescending => "Longest first",
        OperationOrder.DurationAscending => "Shortest first",
        _ => "Latest first",
    };

    private string? PageText()
    {
        if (_page.Items.Count == 0)
        {
            return null;
        }

        if (_course.Statistics is not { } all || _trail.Cursors.Count == PageTrail.MaxPages)
        {
            return $"Page {_trail.Cursors.Count + 1}, {_page.Items.Count} rows";
        }

        long first = ((long)_trail.Cursors.Count * PageRows) + 1;
        long total = Math.Max(all.Count + all.Cancelled + all.Abandoned, first + _page.Items.Count - 1);
        return $"{Format.Count(first)}–{Format.Count(first + _page.Items.Count - 1)} of {Format.Count(total)}";
    }

    private string? RangeNote() => _course.Range.Resolution == "exact" && _course.Range.From <= _range.From
        ? null
        : _course.Range.Resolution == "exact"
            ? "The figures begin later than the range: older operations are no longer kept."
            : $"The figures are over whole {_course.Range.Resolution}s: older operations are kept as sums only, so the table may show fewer.";

    private string ChartWhy() => _course.Reason ?? EmptyWhy();

    private string EmptyWhy() => _view.IsFiltered
        ? "Nothing that ended in this range passes the filters."
        : State.Source is { } source
            ? $"Nothing that {source} reported ended in this range."
            : "Nothing ended in this range. What is still running is on the page Live.";
}
