using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Views.Alerts;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Does what a user decides about alerts. Each method returns why it was not done, for display; <see langword="null"/> when it was.</summary>
internal sealed class AlertDecider(AlertEngine engine, SilenceKeeper silences, TimeProvider time)
{
    /// <summary>What a user needs who may only read.</summary>
    public const string NeedsReport = "To acknowledge or silence alerts, sign in with a key with the report or admin scope.";

    /// <summary>What a user needs to change rules and receivers.</summary>
    public const string NeedsAdmin = "To change rules and receivers, sign in with a key with the admin scope.";

    /// <summary>What a user needs to see receivers at all.</summary>
    public const string NeedsAdminForReceivers = "To see and change receivers, which have addresses of their own, sign in with a key with the admin scope.";

    /// <summary>Records that the user has taken on an alert.</summary>
    public Task<string?> AcknowledgeAsync(CurrentUser caller, string id, string? note) =>
        DoAsync(caller, async () => await engine.AcknowledgeAsync(id, caller.Name, string.IsNullOrWhiteSpace(note) ? null : note.Trim(), CancellationToken.None) is null ? Gone : null);

    /// <summary>Withdraws an acknowledgement.</summary>
    public Task<string?> WithdrawAsync(CurrentUser caller, string id) =>
        DoAsync(caller, async () => await engine.WithdrawAsync(id, caller.Name, CancellationToken.None) is null ? Gone : null);

    /// <summary>Adds a silence.</summary>
    public Task<string?> SilenceAsync(CurrentUser caller, SilenceReport report, Action<Silence> added) => DoAsync(caller, async () =>
    {
        var silence = report.ToSilence(caller.Name, time.GetUtcNow());
        if (!await silences.AddAsync(silence, CancellationToken.None))
        {
            return FormattableString.Invariant($"Not silenced: at most {SilenceKeeper.Capacity:#,0} silences are kept; end some of them.");
        }

        added(silence);
        return null;
    });

    /// <summary>Restores a silence that was ended by mistake.</summary>
    public Task<string?> RestoreAsync(CurrentUser caller, Silence silence) =>
        DoAsync(caller, async () => await silences.AddAsync(silence, CancellationToken.None) ? null : "Not restored: there are too many silences.");

    /// <summary>Ends a silence.</summary>
    public Task<string?> EndAsync(CurrentUser caller, string id) =>
        DoAsync(caller, async () => await silences.DeleteAsync(id, CancellationToken.None) ? null : "Not changed: this silence has ended.");

    private const string Gone = "Not changed: the alert has resolved.";

    private static async Task<string?> DoAsync(CurrentUser caller, Func<Task<string?>> action)
    {
        if (!caller.CanDecide)
        {
            return "Not changed. " + NeedsReport;
        }

        try
        {
            return await action();
        }
        catch (Exception exception)
        {
            return $"Not changed: {exception.Message}";
        }
    }
}
