using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>Shows running and recently finished operations.</summary>
public partial class LiveOperationsPage
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly ActiveRoster _roster = new();
    private LiveQuery _query = new(null, null, IncludePortal: false);
    private (LiveQuery Query, string? Source)? _loaded;
    private LiveView? _view;
    private IReadOnlySet<Guid> _fresh = new HashSet<Guid>();
    private ITimer? _beat;

    [Inject]
    private LiveReader Reader { get; set; } = default!;

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

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private DateTimeOffset Now => State.IsLive ? State.AsOf : _view?.ReadAt ?? State.AsOf;

    private int Running => Shown.Count(row => row.LeftAt is null);

    /// <summary>The filtered rows. A paused page still filters its data.</summary>
    private IReadOnlyList<ActiveRow> Shown => [.. _roster.Rows.Where(row => _query.Matches(row.Operation))];

    private IReadOnlyList<Operation> Ended => [.. (_view?.Ended ?? []).Where(_query.Matches)];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _query = LiveQuery.Read(TypeText, Text, Own);
        if (RendererInfo.IsInteractive)
        {
            _beat = Time.CreateTimer(_ => _ = InvokeAsync(Tick), null, Beat, Beat);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var query = LiveQuery.Read(TypeText, Text, Own);
        if (query != _query)
        {
            _query = query;
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
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _beat?.Dispose();
        base.Dispose(disposing);
    }

    private void Tick()
    {
        if (State.IsLive && !State.IsPaused && _roster.Rows.Count > 0)
        {
            _roster.Settle(State.AsOf);
            StateHasChanged();
        }
    }

    private void SetType(string? type) => Url.Set("metric_type", type);

    private void SetText(string? text) => Url.Set("q", text, replace: true);

    private void SetOwn(bool isShown) => Url.Set("own", isShown ? "1" : null);

    private void ClearFilters() => Url.Set([new("metric_type", null), new("q", null)]);
}
