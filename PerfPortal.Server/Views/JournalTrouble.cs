using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Views;

/// <summary>Says why the journal takes no reports; the same words for <c>/readyz</c>, the API and the pages.</summary>
internal static class JournalTrouble
{
    /// <summary>Returns a sentence without details of the machine, because anybody may read it; <see langword="null"/> when reports are taken.</summary>
    public static string? Of(JournalStatus status) => status switch
    {
        { FailingSince: not null, FailureKind: StoreFailureKind.DiskFull } => "The disk is full: reports cannot be stored.",
        { FailingSince: not null } => "Writing to the database fails: reports cannot be stored.",
        { StalledFor: { } stalled } => $"Storing reports is stalled: the current write has been running for more than {RemainingTime.Whole(Math.Floor(stalled.TotalSeconds / 10) * 10)}.",
        { IsHealthy: false } => "The report queue is full.",
        _ => null,
    };
}
