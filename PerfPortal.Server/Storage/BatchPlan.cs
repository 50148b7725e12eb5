using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage;

/// <summary>
/// The net effect of a batch of journal entries, computed in entry order before anything is written. Used by a store that
/// writes sets instead of single rows.
/// </summary>
internal sealed class BatchPlan
{
    private readonly Dictionary<Guid, Known> _ended;
    private readonly Dictionary<Guid, Operation> _insert = [];
    private readonly Dictionary<Guid, Operation?> _running = [];

    /// <summary>Plans a batch.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="stored">The stored ended operations that share an id with the batch, with their keys.</param>
    /// <exception cref="InvalidOperationException">An ended operation has no end time.</exception>
    public BatchPlan(IReadOnlyList<JournalEntry> entries, IEnumerable<(long Key, Operation Operation)> stored)
    {
        _ended = stored.ToDictionary(row => row.Operation.Id, row => new Known(row.Operation, row.Key));
        Results = new EntryResult[entries.Count];
        for (int i = 0; i < entries.Count; i++)
        {
            switch (entries[i])
            {
                case OperationEnded { Operation: var operation }:
                    Results[i] = End(operation);
                    _running[operation.Id] = null;
                    break;
                case OperationRunning { Operation: var operation }:
                    _running[operation.Id] = operation;
                    break;
                case RunningForgotten { Id: var id }:
                    _running[id] = null;
                    break;
                case SampleTaken sample:
                    Samples.Add(sample);
                    break;
            }
        }
    }

    /// <summary>One result per entry.</summary>
    public EntryResult[] Results { get; }

    /// <summary>The operations to insert, one per id.</summary>
    public IReadOnlyCollection<Operation> Inserts => _insert.Values;

    /// <summary>The keys of stored abandoned operations that the batch replaces.</summary>
    public List<long> Deletes { get; } = [];

    /// <summary>The minutes whose rollups must be rebuilt.</summary>
    public HashSet<long> DirtyMinutes { get; } = [];

    /// <summary>The operations still running after the batch. The running state of every other id in the batch is deleted.</summary>
    public IEnumerable<Operation> Running => _running.Values.OfType<Operation>();

    /// <summary>The samples, in entry order.</summary>
    public List<SampleTaken> Samples { get; } = [];

    private EntryResult End(Operation operation)
    {
        long minute = RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value);
        if (!_ended.TryGetValue(operation.Id, out var existing))
        {
            Insert(operation, minute);
            return new(EntryOutcome.Stored, null);
        }

        if (existing.Operation.Status != OperationStatus.Abandoned || operation.Status == OperationStatus.Abandoned)
        {
            return new(EntryOutcome.Duplicate, existing.Operation);
        }

        if (existing.Key is { } key)
        {
            Deletes.Add(key);
        }

        DirtyMinutes.Add(RollupBuckets.Of(RollupResolution.Minute, existing.Operation.EndTime!.Value));
        Insert(operation, minute);
        return new(EntryOutcome.ReplacedAbandoned, existing.Operation);
    }

    private void Insert(Operation operation, long minute)
    {
        _insert[operation.Id] = operation;
        _ended[operation.Id] = new(operation, null);
        DirtyMinutes.Add(minute);
    }

    private readonly record struct Known(Operation Operation, long? Key);
}
