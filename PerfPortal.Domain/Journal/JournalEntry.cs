using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <summary>An entry to be made durable.</summary>
public abstract record JournalEntry;

/// <summary>An operation that ended.</summary>
/// <param name="Operation">The operation, including its end time.</param>
public sealed record OperationEnded(Operation Operation) : JournalEntry;

/// <summary>The current state of a running operation, stored so that it survives a restart.</summary>
/// <param name="Operation">The operation, without an end time.</param>
public sealed record OperationRunning(Operation Operation) : JournalEntry;

/// <summary>An operation that is no longer running although its end is not stored: its stored running state is deleted.</summary>
/// <param name="Id">The ID of the operation.</param>
public sealed record RunningForgotten(Guid Id) : JournalEntry;

/// <summary>A host sample.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Covered">The time span that the sample represents; the sample's weight in later statistics.</param>
public sealed record SampleTaken(ResourceSample Sample, TimeSpan Covered) : JournalEntry;

/// <summary>The outcome of storing an entry.</summary>
public enum EntryOutcome : byte
{
    /// <summary>The entry is stored.</summary>
    Stored,

    /// <summary>An operation with this ID had already ended; nothing was changed.</summary>
    Duplicate,

    /// <summary>The entry replaced an operation that had been abandoned.</summary>
    ReplacedAbandoned,
}

/// <summary>The result of storing an entry.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Existing">The previously stored ended operation with the same ID, if any.</param>
public readonly record struct EntryResult(EntryOutcome Outcome, Operation? Existing);
