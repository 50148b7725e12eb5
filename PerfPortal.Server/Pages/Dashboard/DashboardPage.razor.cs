using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;

namespace PerfPortal.Server.Pages.Dashboard;

/// <summary>The start page: what is running, whether it is healthy, and what to do first.</summary>
public partial class DashboardPage
{
    private DashboardView? _view;

    [Inject]
    private DashboardReader Reader { get; set; } = default!;

    [Inject]
    private HeavyReads Heavy { get; set; } = default!;

    [Inject]
    private IPortalNames Names { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    /// <summary>The key of the finding whose evidence is shown.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string? Open { get; set; }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        _view = State.Source is { } source
            ? await Heavy.RunAsync(HeavyRead.Source, () => Reader.ReadAsync(Range, source, State.AsOf, cancellationToken), cancellationToken)
            : await Reader.ReadAsync(Range, null, State.AsOf, cancellationToken);

    private void Zoom(TimeRange range) => State.SetRange(range.From, range.To);

    private void SetOpen(string? key) => Url.Set("open", key, replace: true);
}
