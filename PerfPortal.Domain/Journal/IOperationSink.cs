namespace PerfPortal.Domain.Journal;

/// <summary>
/// Where a tracker hands over the operations that ended in this process: the journal of this portal, or the client of a remote one. Nothing here
/// waits or throws. Thread-safe.
/// </summary>
public interface IOperationSink
{
    /// <summary>Whether the sink accepts nothing more, so that operations which end now are dropped.</summary>
    bool IsClosed { get; }

    /// <summary>Whether this number of entries would be accepted now, barring concurrent submissions.</summary>
    bool HasRoomFor(int entries);

    /// <summary>Takes all the entries, or none.</summary>
    /// <returns><see langword="false"/> when none were taken.</returns>
    bool TrySubmit(IReadOnlyList<JournalEntry> entries);
}
