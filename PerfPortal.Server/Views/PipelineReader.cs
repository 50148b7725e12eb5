using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views;

/// <summary>How what is reported flows into the store; the API and the page show the same.</summary>
/// <param name="State"><c>flowing</c>, <c>behind</c>, <c>refusing</c> or <c>database_away</c>.</param>
/// <param name="Summary">The state in a sentence for a person.</param>
/// <param name="Queued">Entries that wait to be stored.</param>
/// <param name="Capacity">The most that may wait; beyond it reports get 503.</param>
/// <param name="OperationsPerSecond">Operations stored a second, over about the last minute.</param>
/// <param name="LastCommitSeconds">How long the last commit took.</param>
/// <param name="MeanCommitSeconds">How long a commit took on average over about the last minute with commits.</param>
/// <param name="EntriesPerCommit">Entries of one commit on average, likewise.</param>
/// <param name="Committed">Entries stored since the start.</param>
/// <param name="Refused">Entries refused since the start.</param>
/// <param name="RefusingSince">Since when reports are refused, or null.</param>
/// <param name="RetryAfterSeconds">What a refused reporter is told to wait now, 1–30 s.</param>
/// <param name="FailingSince">Since when the database cannot be written, or null.</param>
/// <param name="PendingRollups">Series-minutes of figures that are counted and not written yet.</param>
/// <param name="Names">Operation names.</param>
/// <param name="Sources">Sources.</param>
/// <param name="Advice">What to do about names or sources without a place, or null.</param>
internal sealed record PipelineBody(
    JournalState State, string Summary, int Queued, int Capacity, double OperationsPerSecond, double LastCommitSeconds, double MeanCommitSeconds, double EntriesPerCommit,
    long Committed, long Refused, DateTimeOffset? RefusingSince, double RetryAfterSeconds, DateTimeOffset? FailingSince, int PendingRollups, PlacesBody Names, PlacesBody Sources,
    string? Advice);

/// <summary>How the places for names are used.</summary>
/// <param name="Used">Places in use.</param>
/// <param name="Max">Places there are.</param>
/// <param name="OtherOperations">Operations since the start that found no place for theirs and are kept under another.</param>
internal sealed record PlacesBody(int Used, [property: System.Text.Json.Serialization.JsonPropertyName("most")] int Max, long OtherOperations);

/// <summary>Reads how reports flow.</summary>
internal sealed class PipelineReader(OperationJournal journal, NameBounds names)
{
    /// <summary>The figures of this moment.</summary>
    public PipelineBody Read()
    {
        var status = journal.Status;
        var places = names.Status;
        return new(
            status.State, Say(status), status.Queued, status.Capacity, status.OperationsPerSecond, status.LastCommitMilliseconds / 1000, status.MeanCommitMilliseconds / 1000,
            status.EntriesPerCommit, status.Committed, status.Refused, status.RefusingSince, status.RetryAfter.TotalSeconds, status.FailingSince, status.PendingRollups,
            new(places.Names, places.MaxNames, places.OtherNames), new(places.Sources, places.MaxSources, places.OtherSources), places.Advice);
    }

    private static string Say(JournalStatus status) => status.State switch
    {
        JournalState.DatabaseAway => "The database cannot be written. What was taken waits and is stored when it is back; reports that are not acknowledged within 15 s are refused.",
        JournalState.Refusing => $"Too many reports wait: new ones are refused and told to come again after {Format.Duration(status.RetryAfter)}. What was acknowledged is stored.",
        JournalState.Behind => $"More is reported than is stored: {Format.Count(status.Queued)} entries wait, at the present rate for {Format.Duration(status.RetryAfter)}.",
        _ => "What is reported is stored at once.",
    };
}
