using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Shows everything about one alert.</summary>
public sealed partial class AlertPage
{
    private AlertView? _view;
    private IReadOnlyList<AlertEvent> _events = [];
    private ChartModel _chart = AlertChart.Empty;
    private string? _chartOf;
    private CurrentUser _caller = CurrentUser.Unknown;
    private AlertActions? _actions;
    private List<BreadcrumbItem> _crumbs = [];

    /// <summary>The ID of the alert.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    private AlertReader Alerts { get; set; } = default!;

    [Inject]
    private AlertDecider Decider { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    [CascadingParameter]
    private HttpContext? HttpContext { get; set; }

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private AlertActions Actions => _actions ??= new(Dialogs, Snackbar, Decider, Authentication, ShowAsync);

    private string SubjectHref => _view!.Alert.Subject.Source is { } source ? State.HrefOf(AlertLooks.SubjectPath(_view.Alert), source) : State.Href(AlertLooks.SubjectPath(_view.Alert));

    private IReadOnlyList<(string Name, string Value)> Facts
    {
        get
        {
            var alert = _view!.Alert;
            var status = alert.Status;
            var facts = new List<(string, string)>
            {
                ("Value", AlertLooks.Value(alert, status.Value)),
                ("Threshold", AlertLooks.Threshold(alert)),
                ("Furthest value", AlertLooks.Value(alert, status.Peak)),
                ("Condition met since", At(status.PendingSince)),
                ("Firing since", At(status.FiringSince)),
            };
            if (status.MissingSince is { } missing)
            {
                facts.Add(("No data since", At(missing)));
            }

            if (status.ResolvedAt is { } resolved)
            {
                facts.Add((AlertLooks.Word(alert), At(resolved)));
            }

            facts.Add(("Firing for", status.FiringSince is null ? Format.None : AlertTimes.Lasted(alert.FiringTime(State.AsOf))));
            facts.Add(("Labels", AlertLooks.Labels(alert.Labels)));
            return facts;
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        var found = await Alerts.FindAsync(Id, cancellationToken);
        (_view, _events) = (found?.View, found?.Events ?? []);
        _crumbs = [new("Alerts", State.Href("/alerts")), new(_view?.Alert.RuleName ?? "Not found", null, disabled: true)];
        if (_view is null)
        {
            MissingPages.AnswerNotFound(HttpContext);
            return;
        }

        // What was measured before it fired does not change; a new instance would be drawn again.
        string of = $"{Id} {_view.Alert.Status.FiringSince}";
        if (_chartOf != of)
        {
            (_chart, _chartOf) = (AlertChart.Of(_view.Alert), of);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && _view is not null && _view.Alert.Id != Id)
        {
            await ReloadAsync();
        }
    }

    private string At(DateTimeOffset? at) => at is { } known ? Clock.Format(known) : Format.None;

    private Task ShowAsync() => InvokeAsync(async () =>
    {
        await ReloadAsync();
        StateHasChanged();
    });
}
