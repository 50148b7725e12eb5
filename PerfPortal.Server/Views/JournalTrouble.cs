using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Views;

/// <summary>Explains why the journal does not accept reports, in the same words for <c>/readyz</c>, the API and the pages.</summary>
internal static class JournalTrouble
{
    /// <summary>Returns what is wrong and the remedy, without credentials because it is public; <see langword="null"/> when reports are accepted.</summary>
    public static string? Of(JournalStatus status) => status switch
    {
        { FailingSince: not null, FailureKind: StoreFailureKind.DiskFull } => "The disk is full: reports cannot be stored." + Reason(status),
        { FailingSince: not null } => "Writing to the database fails: reports cannot be stored." + Reason(status),
        { StalledFor: { } stalled } => $"Storing reports is stalled: the current write has been running for more than {RemainingTime.Whole(Math.Floor(stalled.TotalSeconds / 10) * 10)}.",
        { IsHealthy: false } => "The report queue is full.",
        _ => null,
    };

    /// <summary>What still works while a page cannot be loaded: whether reports are accepted, and what happened to those already acknowledged.</summary>
    /// <param name="readiness">Whether the database is open.</param>
    /// <param name="journal">The journal that takes the reports.</param>
    public static string StillWorks(PortalReadiness readiness, OperationJournal journal) =>
        readiness.IsReady && Of(journal.Status) is null
            ? "New reports are still accepted, and everything acknowledged is stored."
            : "New reports are not accepted at the moment: senders are told to try again. Everything acknowledged is stored.";

    private static string Reason(JournalStatus status) => status.LastError is { } reason ? " " + reason : "";
}
