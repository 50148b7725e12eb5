using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <summary>Something that is to become durable.</summary>
public abstract record JournalEntry;

/// <summary>An operation that ended.</summary>
/// <param name="Operation">The operation, with its end.</param>
public sealed record OperationEnded(Operation Operation) : JournalEntry;

/// <summary>The present state of an operation that runs, so that it survives a restart.</summary>
/// <param name="Operation">The operation, without an end.</param>
public sealed record OperationRunning(Operation Operation) : JournalEntry;

/// <summary>A sample of a host.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="Covered">The time that the sample stands for; weights of later statistics.</param>
public sealed record SampleTaken(ResourceSample Sample, TimeSpan Covered) : JournalEntry;

/// <summary>What became of an entry.</summary>
public enum EntryOutcome : byte
{
    /// <summary>It is stored.</summary>
    Stored,

    /// <summary>An operation of this id had ended before; nothing was changed.</summary>
    Duplicate,

    /// <summary>It took the place of an operation that had been given up.</summary>
    ReplacedAbandoned,
}

/// <summary>What became of an entry, and what stood there before.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Existing">The ended operation of the same id that stood there before, if any.</param>
public readonly record struct EntryResult(EntryOutcome Outcome, Operation? Existing);
