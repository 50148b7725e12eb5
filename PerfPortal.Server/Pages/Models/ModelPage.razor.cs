using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>Shows a model: what is wrong with it, how to repair it, and how its integrity changed.</summary>
public sealed partial class ModelPage
{
    private const int FirstReasons = 50;

    private ModelBody? _model;
    private ModelDownloadBody? _origin;
    private IReadOnlyList<PastCheck> _checks = [];
    private ActiveRow? _check;
    private Finding? _finding;
    private Alert? _alert;
    private CurrentUser _caller = CurrentUser.Unknown;
    private ModelActions? _actions;
    private List<BreadcrumbItem> _crumbs = [];
    private int _shown = FirstReasons;
    private string? _loaded;

    /// <summary>The name of the model.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    private string? Name { get; set; }

    [Inject]
    private ModelReader Models { get; set; } = default!;

    [Inject]
    private ModelCheckHistory History { get; set; } = default!;

    [Inject]
    private ActiveReader Active { get; set; } = default!;

    [Inject]
    private FindingReader Findings { get; set; } = default!;

    [Inject]
    private AlertReader Alerts { get; set; } = default!;

    [Inject]
    private PortalOptions Options { get; set; } = default!;

    [Inject]
    private ModelDecider Decider { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override bool KeepsChanging => _model?.CheckingOperationId is not null || (_origin is not null && DownloadLooks.IsActive(_origin));

    private ModelActions Actions => _actions ??= new(Dialogs, Snackbar, Decider, Authentication, Options.Models.HubUrl.Host, ShowAsync);

    private bool CanCheck => _caller.IsAdmin && _model?.CheckingOperationId is null;

    private string? Closed => !_caller.IsAdmin ? ModelDecider.NeedsAdmin : _model?.CheckingOperationId is not null ? "A check is running." : null;

    private IReadOnlyList<double?> Trend => ModelCheckHistory.Trend([.. _checks.Reverse()]);

    private string TrendLabel
    {
        get
        {
            double[] known = [.. _checks.Select(check => check.Score).OfType<double>()];
            return known.Length == 0
                ? "Integrity score: no check has a result"
                : $"Integrity score of {ModelLooks.Many(known.Length, "check")}: last {Format.Ratio(known[0])}, lowest {Format.Ratio(known.Min())}, highest {Format.Ratio(known.Max())}";
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        string? name = Name;
        var caller = await CurrentUser.OfAsync(Authentication);
        var model = name is null ? null : Models.Find(name);
        var check = model?.CheckingOperationId is { } id ? await Active.FindAsync(id, cancellationToken) : null;
        (_finding, _alert) = name is null ? default : await FindDamageAsync(name, cancellationToken);
        _checks = model is null ? [] : History.Checks(model.Name);
        _origin = model is null ? null : Models.OriginOf(model);
        _crumbs = [new("Models", State.Href("/models")), new(model?.Name ?? "Not found", null, disabled: true)];
        (_model, _check, _caller, _loaded) = (model, check, caller, name);
    }

    /// <summary>Returns the open finding about a model, and the alert that tells it.</summary>
    private async Task<(Finding? Finding, Alert? Alert)> FindDamageAsync(string model, CancellationToken cancellationToken)
    {
        var open = await Findings.ListOpenAsync(HostSource.Name, cancellationToken);
        var finding = open.FirstOrDefault(one => one.Latest.Kind == FindingKind.DamagedModel && one.Latest.Subject.Name == model);
        return finding is null
            ? default
            : (finding, (await Alerts.ReadBookAsync(cancellationToken)).Current.FirstOrDefault(alert => alert.Subject.FindingId == finding.Id && alert.State.IsActive()));
    }

    /// <summary>Another model has data of its own.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && _loaded != Name)
        {
            _shown = FirstReasons;
            await ReloadAsync();
        }
    }

    private static List<(string Name, string Value)> Facts(ModelBody model) =>
    [
        ("Size", Format.Bytes(model.SizeBytes)),
        ("Files", Format.Count(model.Files) + (model.FilesMissing > 0 ? $", {Format.Count(model.FilesMissing)} missing" : "")),
        ("A silent change is found", model.FoundWithinChecks > 0 ? $"within {ModelLooks.Many(model.FoundWithinChecks, "check")}" : "after the first full check"),
    ];

    private Task ShowAsync() => InvokeAsync(async () =>
    {
        await ReloadAsync();
        StateHasChanged();
    });
}
