using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// The ended operations of one transaction: recognises those that are stored, and writes the rest as one block. The
/// blocks of abandoned operations that completed after all are written anew without them.
/// </summary>
internal sealed class SqliteOperationBatch(SqliteBlocks blocks, SqliteWriter writer, NameDirectory directory, DateTimeOffset now, int max)
{
    private readonly Dictionary<Guid, Operation> _new = new(max);
    private readonly Dictionary<long, HashSet<Guid>> _replaced = [];
    private readonly HashSet<long> _dirty = [];
    private ulong _touched;

    /// <summary>The minutes whose rollups fall behind.</summary>
    public IReadOnlyCollection<long> DirtyMinutes => _dirty;

    /// <summary>Brings near what recognising these will look at: fetched one by one it would be waited for each time.</summary>
    public void Expect(IReadOnlyList<JournalEntry> entries)
    {
        ulong touched = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i] is OperationEnded { Operation.Id: var id })
            {
                var (high, low) = OperationKeys.Split(id);
                touched ^= blocks.Ids.Touch(high, low);
            }
        }

        Volatile.Write(ref _touched, touched);
    }

    /// <summary>Takes an operation; nothing is written yet.</summary>
    public EntryResult Take(Operation operation)
    {
        if (operation.EndTime is not { } end)
        {
            throw new ArgumentException("An operation that ended has an end.", nameof(operation));
        }

        var (existing, block) = Find(operation.Id, end);
        if (existing is not null && (existing.Status != OperationStatus.Abandoned || operation.Status == OperationStatus.Abandoned))
        {
            return new(EntryOutcome.Duplicate, existing);
        }

        if (existing is not null)
        {
            _dirty.Add(RollupBuckets.Of(RollupResolution.Minute, existing.EndTime!.Value));
            if (block is { } stored)
            {
                (_replaced.TryGetValue(stored, out var ids) ? ids : _replaced[stored] = []).Add(operation.Id);
            }
        }

        _new[operation.Id] = operation;
        _dirty.Add(RollupBuckets.Of(RollupResolution.Minute, end));
        return existing is null ? new(EntryOutcome.Stored, null) : new(EntryOutcome.ReplacedAbandoned, existing);
    }

    /// <summary>Writes the blocks.</summary>
    public void Write(BlockChange change)
    {
        foreach (var (id, ids) in _replaced)
        {
            var info = blocks.Directory.ById[id];
            writer.DeleteBlock(id, change);
            var kept = writer.ReadBlock(info).Where(operation => !ids.Contains(operation.Id)).ToList();
            if (kept.Count > 0)
            {
                writer.InsertBlock(kept, info.State, info.StoredUs, change);
            }
        }

        foreach (var part in _new.Values.Chunk(EncodedBlock.MaxOperations))
        {
            writer.InsertBlock([.. part], BlockState.Fresh, now.ToMicroseconds(), change);
        }
    }

    /// <summary>
    /// The stored operation of an id. What was stored lately is recognised by its id alone; what lies longer back by
    /// its id and end, for then the block in which it would be has to be opened.
    /// </summary>
    private (Operation? Operation, long? Block) Find(Guid id, DateTimeOffset end)
    {
        if (_new.TryGetValue(id, out var mine))
        {
            return (mine, null);
        }

        var (high, low) = OperationKeys.Split(id);
        Span<int> candidates = stackalloc int[RecentIds.MaxCandidates];
        foreach (int candidate in candidates[..blocks.Ids.Find(high, low, candidates)])
        {
            if (In(candidate, id) is { } found)
            {
                return (found, candidate);
            }
        }

        // An end may lie a little after the time at which it was stored.
        if (end < blocks.IdsSince + OperationLimits.FutureTolerance)
        {
            long us = end.ToMicroseconds();
            foreach (var old in blocks.Old)
            {
                if (old.Bounds.LastEnd < us)
                {
                    break;
                }

                if (old.Bounds.FirstEnd <= us && In(old.Id, id) is { } stored)
                {
                    return (stored, old.Id);
                }
            }
        }

        return (null, null);
    }

    private Operation? In(long block, Guid id)
    {
        if (!blocks.Directory.ById.TryGetValue(block, out var info) || (_replaced.TryGetValue(block, out var gone) && gone.Contains(id))
            || writer.Open(info) is not { } opened || opened.IndexOf(id) is not (>= 0 and var index))
        {
            return null;
        }

        return opened.OperationAt(index, directory.Names.NameOf, directory.Sources.NameOf);
    }
}
