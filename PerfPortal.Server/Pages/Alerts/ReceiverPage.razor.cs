using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Edits a receiver. Saves only over the loaded version, and sends tests.</summary>
public sealed partial class ReceiverPage
{
    private ReceiverForm? _form;
    private string? _formOf;
    private AlertReceiver? _current;
    private CurrentUser _caller = CurrentUser.Unknown;
    private TestResult? _test;
    private bool _isBusy;
    private bool _isTesting;
    private List<BreadcrumbItem> _crumbs = [];

    /// <summary>The ID of the receiver; <see langword="null"/> for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private ReceiverBook Receivers { get; set; } = default!;

    [Inject]
    private ReceiverTester Tester { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <summary>Loads changes by other users; the form stays as it is, and the page shows the conflict.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        if (!_caller.IsAdmin)
        {
            return;
        }

        _current = Id is null ? null : await Receivers.FindAsync(Id, cancellationToken);
        string key = Id ?? "new";
        if (_formOf != key)
        {
            (_form, _formOf, _test) = (Id is not null && _current is null ? null : new(_current), key, null);
        }

        _crumbs = [new("Alerts", State.Href("/alerts")), new("Receivers", State.Href("/alerts?tab=receivers")), new(Id is null ? "New" : _current?.Name ?? "Not found", null, disabled: true)];
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && _formOf != (Id ?? "new"))
        {
            await ReloadAsync();
        }
    }

    private Task SaveAsync() => DoAsync(async () =>
    {
        if (_form?.Build() is not { } draft)
        {
            await Reveal.MistakeAsync(Js);
            return;
        }

        var errors = new List<ValidationError>();
        var (outcome, saved) = await Receivers.SaveAsync(draft, _form.Loaded, errors, CancellationToken.None);
        switch (outcome)
        {
            case SaveOutcome.Saved:
                Snackbar.Add($"Saved: {saved!.Name}. Send a test to see what it answers.", Severity.Success);
                (_form, _formOf, _current) = (new(saved), saved.Id, saved);
                Navigation.NavigateTo(State.Href($"/alerts/receivers/{saved.Id}"), replace: Id is null);
                break;
            case SaveOutcome.Invalid:
                _form.Show(errors);
                await Reveal.MistakeAsync(Js);
                break;
            case SaveOutcome.Full:
                Snackbar.Add($"Not saved: at most {AlertReceiver.MaxReceivers} receivers are kept; remove one of them.", Severity.Error);
                break;
            default:
                Snackbar.Add("Not saved: another user changed the receiver first.", Severity.Error);
                break;
        }
    });

    private Task KeepMineAsync()
    {
        _form!.Rebase(_current!);
        return SaveAsync();
    }

    private Task TestAsync() => DoAsync(async () =>
    {
        _isTesting = true;
        try
        {
            _test = await Tester.SendAsync(_current!, _caller.Name, CancellationToken.None);
        }
        finally
        {
            _isTesting = false;
        }
    });

    private async Task DeleteAsync()
    {
        var receiver = _form!.Loaded!;
        if (await Dialogs.ShowMessageBoxAsync($"Delete {receiver.Name}", "It is told nothing any more; messages that wait for it are not sent. Its secrets are deleted.", yesText: "Delete", cancelText: "Cancel") == true)
        {
            await DoAsync(async () =>
            {
                await Receivers.DeleteAsync(receiver.Id, CancellationToken.None);
                Snackbar.Add($"Deleted: {receiver.Name}", Severity.Success);
                Navigation.NavigateTo(State.Href("/alerts?tab=receivers"));
            });
        }
    }

    private async Task DoAsync(Func<Task> action)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        if (_isBusy || !_caller.IsAdmin)
        {
            return;
        }

        _isBusy = true;
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            Snackbar.Add($"Not done: {exception.Message}", Severity.Error);
        }
        finally
        {
            _isBusy = false;
        }

        await ReloadAsync();
    }
}
