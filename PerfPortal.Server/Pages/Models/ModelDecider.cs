using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Server.Models;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>Does what a user decides about models and downloads. Each method returns why it was not done, for display; <see langword="null"/> when it was.</summary>
internal sealed class ModelDecider(ModelDownloads downloads, ModelChecks checks, ModelRepairs repairs)
{
    /// <summary>What a user needs who may only read.</summary>
    public const string NeedsAdmin = "To download and check models, sign in with a key with the admin scope.";

    /// <summary>Starts the check of a model, or of all.</summary>
    public Task<string?> CheckAsync(CurrentUser caller, string? model, bool full) => DoAsync(caller, async () =>
        await checks.StartAsync(model, full, CancellationToken.None) is null ? $"Not checked: {model} is no longer there." : null);

    /// <summary>Starts a download; the files of a repository are listed by the hub first.</summary>
    /// <returns>What is wrong, with the member concerned where there is one.</returns>
    public async Task<ValidationError?> StartAsync(CurrentUser caller, DownloadOrder order, Action<DownloadStatus> started, CancellationToken cancellationToken)
    {
        if (!caller.IsAdmin)
        {
            return new("Not started. " + NeedsAdmin, "");
        }

        try
        {
            started(await downloads.StartAsync(order, cancellationToken));
            return null;
        }
        catch (ArgumentException exception)
        {
            return ValidationError.Of(exception.Message);
        }
        catch (DownloadException exception)
        {
            return new(exception.Message, order.Repository is null ? "" : "/repository");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new($"Not started: {exception.Message}", "");
        }
    }

    /// <summary>Cancels a download; what is there is kept.</summary>
    public Task<string?> CancelAsync(CurrentUser caller, Guid id) =>
        DoAsync(caller, () => Task.FromResult(downloads.Cancel(id) ? null : "Not cancelled: the download has ended."));

    /// <summary>Continues a download.</summary>
    public Task<string?> ResumeAsync(CurrentUser caller, Guid id) =>
        DoAsync(caller, () => Task.FromResult(downloads.Resume(id) is null ? "Not resumed: the download is in progress, complete or forgotten." : null));

    /// <summary>Downloads what is damaged or missing of a model.</summary>
    public Task<string?> RepairAsync(CurrentUser caller, string model) =>
        DoAsync(caller, async () => await Task.Run(() => repairs.Start(model)) is { Problem: { } problem } ? "Not repaired. " + problem : null);

    /// <summary>Forgets a download; its files stay.</summary>
    public Task<string?> ForgetAsync(CurrentUser caller, Guid id) =>
        DoAsync(caller, () => Task.FromResult(downloads.Remove(id) ? null : "Not forgotten: the download is in progress; cancel it first."));

    private static async Task<string?> DoAsync(CurrentUser caller, Func<Task<string?>> action)
    {
        if (!caller.IsAdmin)
        {
            return "Not done. " + NeedsAdmin;
        }

        try
        {
            return await action();
        }
        catch (Exception exception)
        {
            return $"Not done: {exception.Message}";
        }
    }
}
