using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Server.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>Leads a user through downloads and checks, with dialogs and messages. For one page.</summary>
/// <param name="dialogs">Opens dialogs.</param>
/// <param name="snackbar">Shows messages.</param>
/// <param name="decider">Does what is decided.</param>
/// <param name="authentication">Knows the user.</param>
/// <param name="hub">The host of the hub.</param>
/// <param name="changed">Reads the page again.</param>
internal sealed class ModelActions(IDialogService dialogs, ISnackbar snackbar, ModelDecider decider, AuthenticationStateProvider authentication, string hub, Func<Task> changed)
{
    /// <summary>Asks what to download and starts it.</summary>
    /// <returns>Whether a download was started.</returns>
    public async Task<bool> DownloadAsync()
    {
        var dialog = await dialogs.ShowAsync<DownloadDialog>(
            "Download a model", new DialogParameters<DownloadDialog> { { one => one.Form, new DownloadForm() }, { one => one.Hub, hub } });
        if (await dialog.Result is not { Canceled: false, Data: string name })
        {
            return false;
        }

        snackbar.Add($"Download started: {Cut(name)}", Severity.Success);
        await changed();
        return true;
    }

    /// <summary>Checks a model, or all.</summary>
    public Task CheckAsync(string? model, bool full) => DoAsync(user => decider.CheckAsync(user, model, full), $"{(full ? "Full check" : "Check")} started: {Cut(model ?? "all models")}", null);

    /// <summary>Cancels a download.</summary>
    public Task CancelAsync(ModelDownloadBody download) =>
        DoAsync(user => decider.CancelAsync(user, download.Id), $"Cancelled: {Cut(download.Name)}. What is there is kept.", ("Resume", user => decider.ResumeAsync(user, download.Id)));

    /// <summary>Continues a download.</summary>
    public Task ResumeAsync(ModelDownloadBody download) => DoAsync(user => decider.ResumeAsync(user, download.Id), $"Resumed: {Cut(download.Name)}", null);

    /// <summary>Downloads what is damaged or missing of a model.</summary>
    public Task RepairAsync(string model) => DoAsync(user => decider.RepairAsync(user, model), $"Repair started: {Cut(model)}", null);

    /// <summary>Asks, and forgets a download.</summary>
    public async Task ForgetAsync(ModelDownloadBody download)
    {
        string text = download.State == Domain.Models.Downloads.DownloadState.Completed
            ? "It leaves this list; its files stay."
            : "It leaves this list and can no longer be resumed. What is there stays, and is used when the same files are downloaded again.";
        if (await dialogs.ShowMessageBoxAsync($"Forget {Cut(download.Name)}", text, yesText: "Forget", cancelText: "Cancel") == true)
        {
            await DoAsync(user => decider.ForgetAsync(user, download.Id), $"Forgotten: {Cut(download.Name)}", null);
        }
    }

    private async Task DoAsync(Func<CurrentUser, Task<string?>> action, string done, (string Title, Func<CurrentUser, Task<string?>> Action)? undo)
    {
        if (await action(await CurrentUser.OfAsync(authentication)) is { } problem)
        {
            snackbar.Add(problem, Severity.Error);
        }
        else
        {
            snackbar.Add(done, Severity.Success, options =>
            {
                if (undo is { } other)
                {
                    options.Action = other.Title;
                    options.OnClick = _ => DoAsync(other.Action, "Undone.", null);
                }
            });
        }

        await changed();
    }

    private static string Cut(string text) => MiddleCut.Of(text, 80);
}
