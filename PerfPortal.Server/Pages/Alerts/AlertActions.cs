using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Server.Controls;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Leads a user through acknowledging and silencing, with dialogs, and messages that offer to undo. For one page.</summary>
/// <param name="dialogs">Opens dialogs.</param>
/// <param name="snackbar">Shows messages.</param>
/// <param name="decider">Does what is decided.</param>
/// <param name="authentication">Knows the user.</param>
/// <param name="changed">Reads the page again.</param>
internal sealed class AlertActions(IDialogService dialogs, ISnackbar snackbar, AlertDecider decider, AuthenticationStateProvider authentication, Func<Task> changed)
{
    /// <summary>Asks for a note and acknowledges an alert.</summary>
    public async Task AcknowledgeAsync(Alert alert)
    {
        var dialog = await dialogs.ShowAsync<AcknowledgeDialog>("Acknowledge", new DialogParameters<AcknowledgeDialog> { { one => one.Item, alert } });
        if (await dialog.Result is { Canceled: false, Data: string note })
        {
            await DoAsync(user => decider.AcknowledgeAsync(user, alert.Id, note), $"Acknowledged: {alert.RuleName}", user => decider.WithdrawAsync(user, alert.Id));
        }
    }

    /// <summary>Withdraws an acknowledgement.</summary>
    public Task WithdrawAsync(Alert alert) =>
        DoAsync(user => decider.WithdrawAsync(user, alert.Id), $"No longer acknowledged: {alert.RuleName}", user => decider.AcknowledgeAsync(user, alert.Id, alert.Acknowledged?.Note));

    /// <summary>Asks how long, and silences an alert by its labels.</summary>
    public Task SilenceAsync(Alert alert) => AddAsync(new()
    {
        Labels = LabelRow.Of(alert.Labels.Where(label => label.Key is AlertLabels.AlertName or AlertLabels.Source or AlertLabels.MetricType or AlertLabels.Name or AlertLabels.Part).ToDictionary()),
    });

    /// <summary>Asks for a silence and adds it.</summary>
    public async Task AddAsync(SilenceForm form)
    {
        var dialog = await dialogs.ShowAsync<SilenceDialog>(form.IsWeekly ? "Quiet hours or maintenance" : "Silence alerts", new DialogParameters<SilenceDialog> { { one => one.Form, form } });
        if (await dialog.Result is { Canceled: false, Data: Silence added })
        {
            Offer($"Silenced: {AlertLooks.Labels(added.Labels)}", user => decider.EndAsync(user, added.Id));
            await changed();
        }
    }

    /// <summary>Ends a silence.</summary>
    public Task EndAsync(Silence silence) => DoAsync(user => decider.EndAsync(user, silence.Id), $"Ended: {AlertLooks.Labels(silence.Labels)}", user => decider.RestoreAsync(user, silence));

    private async Task DoAsync(Func<CurrentUser, Task<string?>> action, string done, Func<CurrentUser, Task<string?>> undo)
    {
        if (await action(await CurrentUser.OfAsync(authentication)) is { } problem)
        {
            snackbar.Add(problem, Severity.Error);
        }
        else
        {
            Offer(done, undo);
        }

        await changed();
    }

    private void Offer(string done, Func<CurrentUser, Task<string?>> undo) => snackbar.AddWithUndo(MiddleCut(done), async () =>
    {
        string? problem = await undo(await CurrentUser.OfAsync(authentication));
        snackbar.Add(problem ?? "Undone.", problem is null ? Severity.Success : Severity.Error);
        await changed();
    });

    private static string MiddleCut(string text) => Text.MiddleCut.Of(text, 120);
}
