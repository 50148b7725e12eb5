using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Merges the small blocks of commits into full, compressed blocks in time order. Only replacing the old blocks with the new
/// ones runs in a write transaction.
/// </summary>
internal sealed class SqlitePacker(SqliteDatabase database, RetentionHorizons horizons, TimeProvider time)
{
    /// <summary>The age at which operations are packed; late reports are rare after that.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    /// <summary>The age at which small blocks are packed. It is lower because many small blocks cost readers more than packing twice.</summary>
    public static readonly TimeSpan QuietWhenSmall = TimeSpan.FromMinutes(1);

    private const int SmallBlock = EncodedBlock.MaxOperations / 4;
    private const int ManyBlocks = 8;
    private const int MaxConcurrent = EncodedBlock.MaxOperations * 4;
    private const long Day = 86_400_000_000;

    /// <summary>A margin for reports in transit, whose end may be slightly older than the oldest accepted end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Packs one group of blocks.</summary>
    /// <param name="everything">Whether to pack groups that would otherwise wait for more blocks.</param>
    /// <param name="cancellationToken">Cancels the operation before anything is changed.</param>
    /// <returns>The number of packed operations; 0 if there is nothing to do.</returns>
    public int Step(bool everything, CancellationToken cancellationToken)
    {
        var now = everything ? DateTimeOffset.MaxValue : time.GetUtcNow();
        if (Choose((now - Quiet).ToMicroseconds(), (now - QuietWhenSmall).ToMicroseconds(), (now - TimeSpan.FromDays(1)).ToMicroseconds(), everything) is not { } group)
        {
            return 0;
        }

        return Replace(group, BlockState.Packed, operations => operations, cancellationToken);
    }

    /// <summary>Thins one block, if thinning is enabled and a block is old enough.</summary>
    /// <returns>The number of operations examined; 0 if there is nothing to do.</returns>
    public int Thin(CancellationToken cancellationToken)
    {
        if (horizons.ThinnedBefore is not { } before || horizons.Policy.Thinning is not { } thinning)
        {
            return 0;
        }

        long beforeUs = (before - Grace).ToMicroseconds();
        var block = database.Blocks.Directory.All.FirstOrDefault(
            block => block.State != BlockState.Thinned && block.Bounds.LastEnd < beforeUs && !database.Blocks.IsDamaged(block.Id));
        return block is null ? 0 : Replace([block], BlockState.Thinned, operations => Thinning.Keep(operations, thinning), cancellationToken);
    }

    private int Replace(List<BlockInfo> group, BlockState state, Func<List<Operation>, List<Operation>> keep, CancellationToken cancellationToken)
    {
        List<Operation> operations;
        using (var snapshot = database.OpenSnapshot())
        {
            operations = Read(snapshot, group, cancellationToken);
        }

        var packed = Encode(keep(operations), state, group.Max(block => block.StoredUs), cancellationToken);
        return database.Write((writer, change) =>
        {
            // A block may have been rewritten or purged in the meantime; the next step then selects again.
            if (group.All(block => database.Blocks.Directory.ById.ContainsKey(block.Id)))
            {
                foreach (var block in group)
                {
                    writer.DeleteBlock(block.Id, change);
                }

                foreach (var block in packed)
                {
                    writer.InsertBlock(block, change);
                }
            }

            return operations.Count;
        });
    }

    /// <summary>Selects the blocks of one day that are worth packing, up to <see cref="MaxConcurrent"/> operations.</summary>
    private List<BlockInfo>? Choose(long quietUs, long smallUs, long oldUs, bool everything)
    {
        var days = database.Blocks.Directory.All
            .Where(block => block.Bounds.LastEnd < (block.Count < SmallBlock ? smallUs : quietUs) && (block.State == BlockState.Fresh || (block.State == BlockState.Packed && block.Count < SmallBlock)) && !database.Blocks.IsDamaged(block.Id))
            .GroupBy(block => Math.DivRem(block.Bounds.FirstEnd, Day).Quotient);
        foreach (var day in days)
        {
            var group = new List<BlockInfo>();
            int operations = 0;
            foreach (var block in day.OrderBy(block => block.Bounds.FirstEnd))
            {
                if (group.Count > 0 && operations + block.Count > MaxConcurrent)
                {
                    break;
                }

                group.Add(block);
                operations += block.Count;
            }

            bool hasFresh = group.Any(block => block.State == BlockState.Fresh);
            if (group.Count >= ManyBlocks || (group.Count > 1 && operations >= EncodedBlock.MaxOperations)
                || (hasFresh && (everything || group.Any(block => block.State == BlockState.Fresh && block.StoredUs < oldUs))))
            {
                return group;
            }
        }

        return null;
    }

    private List<Operation> Read(SqliteSnapshot snapshot, List<BlockInfo> group, CancellationToken cancellationToken)
    {
        var operations = new List<Operation>(group.Sum(block => block.Count));
        foreach (var info in group)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var block = snapshot.OpenOnce(info) ?? throw new InvalidDataException($"Block {info.Id} is corrupt and cannot be packed.");
            for (int i = 0; i < block.Count; i++)
            {
                operations.Add(block.OperationAt(i, database.Names.Names.NameOf, database.Names.Sources.NameOf));
            }
        }

        operations.Sort(OperationKeys.ByEnd);
        return operations;
    }

    private List<EncodedBlock> Encode(List<Operation> operations, BlockState state, long storedUs, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
        {
            return [];
        }

        int blocks = (operations.Count + EncodedBlock.MaxOperations - 1) / EncodedBlock.MaxOperations;
        int size = (operations.Count + blocks - 1) / blocks;
        var packed = new List<EncodedBlock>(blocks);
        foreach (var part in operations.Chunk(size))
        {
            cancellationToken.ThrowIfCancellationRequested();
            packed.Add(EncodedBlock.Of(part, SeriesOf, state, storedUs));
        }

        return packed;
    }

    private BlockSeries SeriesOf(Operation operation) => new(
        operation.MetricType, database.Names.Sources.Find(operation.Source)!.Value, database.Names.Names.Find(operation.Name)!.Value, operation.Status);
}
