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
    // Commits this spread out are split by time: a block that spans days would be opened for every range and minute in between.
    private const long MaxSpanUs = 3_600_000_000;
    private const int MinPart = 32;

    private readonly Dictionary<Guid, Operation> _new = new(max);
    private readonly Dictionary<long, HashSet<Guid>> _replaced = [];
    private readonly HashSet<long> _dirty = [];
    private readonly StoredOperations _stored = new(blocks, writer, directory);

    /// <summary>The minutes whose rollups must be rebuilt.</summary>
    public IReadOnlyCollection<long> DirtyMinutes => _dirty;

    /// <summary>Finds those of the operations that are already stored. Call it once, before the first <see cref="Take"/>.</summary>
    public void Expect(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => _stored.Find(entries, cancellationToken);

    /// <summary>Adds an operation to the batch. Nothing is written yet.</summary>
    public EntryResult Take(Operation operation)
    {
        if (operation.EndTime is not { } end)
        {
            throw new ArgumentException("An ended operation must have an end time.", nameof(operation));
        }

        var (existing, block) = Find(operation.Id);
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

        foreach (var part in Parts([.. _new.Values]))
        {
            writer.InsertBlock(part, BlockState.Fresh, now.ToMicroseconds(), change);
        }
    }

    /// <summary>Splits operations into blocks that are full or span at most an hour, unless they are very few.</summary>
    private static IEnumerable<List<Operation>> Parts(List<Operation> operations)
    {
        OperationKeys.SortByEnd(operations);
        var part = new List<Operation>(Math.Min(operations.Count, EncodedBlock.MaxOperations));
        foreach (var operation in operations)
        {
            bool isWide = part.Count >= MinPart && operation.EndTime!.Value.ToMicroseconds() - part[0].EndTime!.Value.ToMicroseconds() > MaxSpanUs;
            if (isWide || part.Count == EncodedBlock.MaxOperations)
            {
                yield return part;
                part = [];
            }

            part.Add(operation);
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private (Operation? Operation, long? Block) Find(Guid id) =>
        _new.TryGetValue(id, out var mine) ? (mine, null)
        : _stored.TryGet(id, out var stored) ? (stored.Operation, stored.Block)
        : (null, null);
}
