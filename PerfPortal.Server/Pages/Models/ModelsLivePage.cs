using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>What the pages about models share: what they read, who looks at them, and what that user can do.</summary>
public abstract class ModelsLivePage : LivePage
{
    private ModelActions? _actions;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <summary>Reads models and downloads.</summary>
    [Inject]
    private protected ModelReader Models { get; set; } = default!;

    /// <summary>Reads the checks of the last days.</summary>
    [Inject]
    private protected ModelCheckHistory History { get; set; } = default!;

    /// <summary>The settings.</summary>
    [Inject]
    private protected PortalOptions Options { get; set; } = default!;

    /// <summary>Who looks at the page, as of the last load.</summary>
    private protected CurrentUser Caller { get; private set; } = CurrentUser.Unknown;

    /// <summary>What the user can do.</summary>
    private protected ModelActions Actions => _actions ??= new(Dialogs, Snackbar, Decider, Authentication, Options.Models.HubUrl.Host, ShowAsync);

    [Inject]
    private protected ActiveReader Active { get; set; } = default!;

    [Inject]
    private ModelDecider Decider { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <summary>Finds out who looks at the page.</summary>
    private protected async Task IdentifyAsync() => Caller = await CurrentUser.OfAsync(Authentication);

    /// <summary>Returns the check of a model that runs now; <see langword="null"/> when none does.</summary>
    private protected async Task<ActiveRow?> FindCheckAsync(ModelBody? model, CancellationToken cancellationToken) =>
        model?.CheckingOperationId is { } id ? await Active.FindAsync(id, cancellationToken) : null;

    private Task ShowAsync() => InvokeAsync(async () =>
    {
        await ReloadAsync();
        StateHasChanged();
    });
}
