using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views;

/// <summary>The state of the ingestion pipeline, used by the API and the page.</summary>
/// <param name="State"><c>flowing</c>, <c>behind</c>, <c>refusing</c>, <c>stalled</c> or <c>database_away</c>.</param>
/// <param name="Summary">A sentence that describes the state.</param>
/// <param name="Queued">The number of queued entries.</param>
/// <param name="Capacity">The queue capacity; reports beyond it are rejected with 503.</param>
/// <param name="OperationsPerSecond">Operations stored per second, over about the last minute.</param>
/// <param name="LastCommitSeconds">The duration of the last commit.</param>
/// <param name="MeanCommitSeconds">The mean commit duration over about the last minute with commits.</param>
/// <param name="EntriesPerCommit">The mean number of entries per commit over the same period.</param>
/// <param name="Committed">Entries stored since the portal started.</param>
/// <param name="Refused">Entries rejected since the portal started.</param>
/// <param name="RefusingSince">The time since which reports are rejected, or null.</param>
/// <param name="RetryAfterSeconds">The current Retry-After of rejected reports, 1–30 s.</param>
/// <param name="FailingSince">The time since which writes to the database fail, or null.</param>
/// <param name="PendingRollups">Per-minute rollups of series that are computed but not yet written.</param>
/// <param name="Names">The usage of the operation name limit.</param>
/// <param name="Sources">The usage of the source limit.</param>
/// <param name="Advice">What to do when a limit is exceeded, or null.</param>
/// <param name="Storage">The size of the database and what its limit has deleted.</param>
/// <param name="RebuildingMinutes">Minutes that are being rebuilt after an unclean stop or a failed write, whose figures are incomplete; usually 0.</param>
internal sealed record PipelineBody(
    JournalState State, string Summary, int Queued, int Capacity, double OperationsPerSecond, double LastCommitSeconds, double MeanCommitSeconds, double EntriesPerCommit,
    long Committed, long Refused, DateTimeOffset? RefusingSince, double RetryAfterSeconds, DateTimeOffset? FailingSince, int PendingRollups, PlacesBody Names, PlacesBody Sources,
    string? Advice, StorageBody Storage, int RebuildingMinutes);

/// <summary>The usage of a name limit.</summary>
/// <param name="Used">The number of names in use.</param>
/// <param name="Max">The maximum number of names.</param>
/// <param name="OtherOperations">Operations since the portal started that exceeded the limit and are stored under a shared name.</param>
internal sealed record PlacesBody(int Used, [property: System.Text.Json.Serialization.JsonPropertyName("most")] int Max, long OtherOperations);

/// <summary>Reads the state of the ingestion pipeline.</summary>
internal sealed class PipelineReader(OperationJournal journal, NameLimiter names, StorageLimit storage)
{
    /// <summary>Reads the current state.</summary>
    public PipelineBody Read()
    {
        var status = journal.Status;
        var places = names.Status;
        return new(
            status.State, Say(status), status.Queued, status.Capacity, status.OperationsPerSecond, status.LastCommitMilliseconds / 1000, status.MeanCommitMilliseconds / 1000,
            status.EntriesPerCommit, status.Committed, status.Refused, status.RefusingSince, status.RetryAfter.TotalSeconds, status.FailingSince, status.PendingRollups,
            new(places.Names, places.MaxNames, places.OtherNames), new(places.Sources, places.MaxSources, places.OtherSources), places.Advice, storage.Read(),
            status.RebuildingMinutes);
    }

    private static string Say(JournalStatus status) => status.State switch
    {
        JournalState.DatabaseAway =>
            $"{JournalTrouble.Of(status)} A report that cannot be stored within 15 s is rejected with 503, and nothing of it is stored later. Storing resumes automatically.",
        JournalState.Stalled => $"{JournalTrouble.Of(status)} New reports are rejected with 503. Acknowledged reports are stored.",
        JournalState.Refusing => $"The queue is full. New reports are rejected with a Retry-After of {Format.Duration(status.RetryAfter)}. Acknowledged reports are stored.",
        JournalState.Behind => $"Reports arrive faster than they are stored: {Format.Count(status.Queued)} entries are queued; storing them takes about {Format.Duration(status.RetryAfter)} at the current rate.",
        _ => "Reports are stored immediately.",
    };
}
