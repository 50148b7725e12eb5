using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>Shows a model: what is wrong with it, how to repair it, and how its integrity changed.</summary>
public sealed partial class ModelPage
{
    private const int FirstReasons = 50;

    private ModelBody? _model;
    private ModelDownloadBody? _running;
    private ModelDownloadBody? _last;
    private IReadOnlyList<PastCheck> _checks = [];
    private IntegrityTrend? _trend;
    private ChartData? _integrity;
    private ActiveRow? _check;
    private List<BreadcrumbItem> _crumbs = [];
    private int _shown = FirstReasons;
    private string? _loaded;

    /// <summary>The name of the model.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    private string? Name { get; set; }

    [Inject]
    private IntegrityReader Integrity { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <summary>Whether a repair has ended and its check is still to come.</summary>
    private bool IsRepaired => _model is { Repair: not null } && _last is { State: DownloadState.Completed } last && last.EndedAt > _model.LastCheckedAt;

    /// <inheritdoc/>
    protected override bool KeepsChanging => _model?.CheckingOperationId is not null || _running is not null || IsRepaired;

    private bool CanCheck => Caller.IsAdmin && _model?.CheckingOperationId is null;

    private string? Closed => !Caller.IsAdmin ? ModelDecider.NeedsAdmin : _model?.CheckingOperationId is not null ? "A check is running." : null;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        string? name = Name;
        await IdentifyAsync();
        var model = name is null ? null : Models.Find(name);
        var check = await FindCheckAsync(model, cancellationToken);
        _checks = model is null ? [] : History.Checks(model.Name);
        _running = model?.Repair?.DownloadId is { } download ? Models.FindDownload(download) : null;
        _last = model?.Repair is null ? null : Models.RepairOf(model.Name);
        _trend = model is null ? null : await Integrity.ReadShownAsync(model.Name, cancellationToken);
        _integrity = _trend?.Chart;
        _crumbs = [new("Models", State.Href("/models")), new(model?.Name ?? "Not found", null, disabled: true)];
        (_model, _check, _loaded) = (model, check, name);
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
}
