using System.Globalization;
using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>Shows running and recently finished operations.</summary>
public partial class LiveOperationsPage
{
    /// <summary>The length of the timeline in minutes, unless the URL has another.</summary>
    internal const int DefaultMinutes = 5;

    /// <summary>The number of running operations listed before the user asks for all.</summary>
    private const int FirstRows = 50;

    private const int MaxListed = 50;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly ActiveRoster _roster = new();
    private LiveQuery _query = new(null, null, IncludePortal: false);
    private (LiveQuery Query, string? Source)? _loaded;
    private LiveView? _view;
    private IReadOnlySet<Guid> _fresh = new HashSet<Guid>();
    private Timeline _timeline = new(TimeSpan.FromMinutes(DefaultMinutes));
    private bool _showsAll;
    private ITimer? _beat;
    private DateTimeOffset _movedAt;

    [Inject]
    private LiveReader Reader { get; set; } = default!;

    [Inject]
    private IPortalNames Names { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    /// <summary>The metric type to filter by (wire name).</summary>
    [SupplyParameterFromQuery(Name = "metric_type")]
    public string? TypeText { get; set; }

    /// <summary>The text to find in name or error.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>"1" includes the portal's own operations.</summary>
    [SupplyParameterFromQuery(Name = "own")]
    public string? Own { get; set; }

    /// <summary>The length of the timeline in minutes.</summary>
    [SupplyParameterFromQuery(Name = "minutes")]
    public string? MinutesText { get; set; }

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private DateTimeOffset Now => State.IsLive ? State.AsOf : _view?.ReadAt ?? State.AsOf;

    /// <summary>Whether nobody has reported an operation yet. Those by which the portal looks after models of its own do not count.</summary>
    private bool IsNew(IEnumerable<ActiveRow> shown, IEnumerable<Operation> ended) =>
        !_query.IsFiltering && State.Source is null && Names.IsNew() && shown.Select(row => row.Operation).Concat(ended).All(one => Names.IsPortals(one.MetricType, one.Source, one.Name));

    /// <summary>The filtered rows. A paused page still filters its data.</summary>
    private IReadOnlyList<ActiveRow> Shown => [.. _roster.Rows.Where(row => _query.Matches(row.Operation))];

    private IReadOnlyList<Operation> Ended => [.. (_view?.Ended ?? []).Where(_query.Matches)];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _query = LiveQuery.Read(TypeText, Text, Own);
        if (RendererInfo.IsInteractive)
        {
            _beat = Time.CreateTimer(_ => _ = IsShown ? InvokeAsync(Tick) : Task.CompletedTask, null, Beat, Beat);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var query = LiveQuery.Read(TypeText, Text, Own);
        int minutes = LiveTimeline.Choices.FirstOrDefault(choice => choice.ToString(CultureInfo.InvariantCulture) == MinutesText, DefaultMinutes);
        if (_timeline.Span.TotalMinutes != minutes)
        {
            _timeline = new(TimeSpan.FromMinutes(minutes));
            Arrange();
        }

        if (query != _query)
        {
            _query = query;
            Arrange();
            if (!State.IsPaused)
            {
                await ReloadAsync();
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (query, source) = (_query, State.Source);
        var view = await Reader.ReadAsync(Range, source, query, cancellationToken);
        bool isSame = _loaded == (query, source);
        if (!isSame)
        {
            _roster.Clear();
        }

        var known = isSame ? (_view?.Ended ?? []).Select(operation => operation.Id).ToHashSet() : null;
        _fresh = known is null ? new HashSet<Guid>() : view.Ended.Select(operation => operation.Id).Where(id => !known.Contains(id)).ToHashSet();
        _roster.Update(view.Active.Rows, view.Ended, view.ReadAt);
        _view = view;
        _loaded = (query, source);
        Arrange();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _beat?.Dispose();
        base.Dispose(disposing);
    }

    private void Tick()
    {
        if (State.IsLive && !State.IsPaused && State.AsOf - _movedAt >= Pace - (Beat / 2) && (_roster.Rows.Count > 0 || _timeline.Operations.Count > 0))
        {
            _movedAt = State.AsOf;
            _roster.Settle(State.AsOf);
            if (State.AsOf - _timeline.ArrangedAt >= Timeline.MaxAge)
            {
                Arrange();
            }

            StateHasChanged();
        }
    }

    /// <summary>Rebuilds the timeline from the data that the page has.</summary>
    private void Arrange()
    {
        if (_view is not null)
        {
            _timeline.Arrange(_view.Active.Rows.Where(row => _query.Matches(row.Operation)), Ended, Now);
        }
    }

    private void SetType(string? type) => Url.Set("metric_type", type);

    private void SetText(string? text) => Url.Set("q", text, replace: true);

    private void SetOwn(bool isShown) => Url.Set("own", isShown ? "1" : null);

    private void ClearFilters() => Url.Set([new("metric_type", null), new("q", null)]);
}
