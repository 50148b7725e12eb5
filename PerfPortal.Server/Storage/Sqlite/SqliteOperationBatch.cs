using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// The ended operations of one transaction. Detects operations that are already stored and writes the rest as one block.
/// Blocks that contain abandoned operations which have since completed are rewritten without them.
/// </summary>
internal sealed class SqliteOperationBatch(SqliteBlocks blocks, SqliteWriter writer, NameDirectory directory, DateTimeOffset now, int max)
{
    private readonly Dictionary<Guid, Operation> _new = new(max);
    private readonly Dictionary<long, HashSet<Guid>> _replaced = [];
    private readonly HashSet<long> _dirty = [];
    private ulong _touched;

    /// <summary>The minutes whose rollups must be rebuilt.</summary>
    public IReadOnlyCollection<long> DirtyMinutes => _dirty;

    /// <summary>Prefetches the hash-table entries needed for duplicate detection, so that the later lookups do not each incur a cache miss.</summary>
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

    /// <summary>Adds an operation to the batch. Nothing is written yet.</summary>
    public EntryResult Take(Operation operation)
    {
        if (operation.EndTime is not { } end)
        {
            throw new ArgumentException("An ended operation must have an end time.", nameof(operation));
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
    /// Returns the stored operation with an id. Recently stored operations are found by id alone; older ones also need the end
    /// time, which determines the blocks to open.
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

        // Clock skew: an operation may end slightly after the time at which it was stored.
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
