using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Views;

/// <summary>Explains why the journal does not accept reports, in the same words for <c>/readyz</c>, the API and the pages.</summary>
internal static class JournalTrouble
{
    /// <summary>Returns a sentence without details of the machine, because it is public; <see langword="null"/> when reports are accepted.</summary>
    public static string? Of(JournalStatus status) => status switch
    {
        { FailingSince: not null, FailureKind: StoreFailureKind.DiskFull } => "The disk is full: reports cannot be stored.",
        { FailingSince: not null } => "Writing to the database fails: reports cannot be stored.",
        { StalledFor: { } stalled } => $"Storing reports is stalled: the current write has been running for more than {RemainingTime.Whole(Math.Floor(stalled.TotalSeconds / 10) * 10)}.",
        { IsHealthy: false } => "The report queue is full.",
        _ => null,
    };
}
