using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// The operations of a commit that are already stored. All ids are looked up in memory first; then each candidate block is opened once,
/// so that the duration of a commit is bounded by the number of blocks, not by the number of operations times blocks.
/// </summary>
internal sealed class StoredOperations(SqliteBlocks blocks, SqliteWriter writer, NameDirectory directory)
{
    /// <summary>Up to this many blocks, opened blocks are kept: a resend concerns few blocks and is often repeated.</summary>
    private const int FewBlocks = 8;

    private readonly Dictionary<Guid, (Operation Operation, long Block)> _found = [];
    private ulong _touched;

    /// <summary>Returns a stored operation and its block.</summary>
    public bool TryGet(Guid id, out (Operation Operation, long Block) stored) => _found.TryGetValue(id, out stored);

    /// <summary>Looks up the ended operations among entries.</summary>
    public void Find(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        Touch(entries);
        var candidates = Candidates(entries, cancellationToken);
        if (candidates.Count == 0)
        {
            return;
        }

        candidates.Sort((x, y) => x.Block.CompareTo(y.Block));
        bool areFew = candidates.Select(candidate => candidate.Block).Distinct().Take(FewBlocks + 1).Count() <= FewBlocks;
        for (int start = 0, end; start < candidates.Count; start = end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long block = candidates[start].Block;
            end = start + 1;
            while (end < candidates.Count && candidates[end].Block == block)
            {
                end++;
            }

            if (!blocks.Directory.ById.TryGetValue(block, out var info) || (areFew ? writer.Open(info) : writer.OpenOnce(info)) is not { } opened)
            {
                continue;
            }

            for (int i = start; i < end; i++)
            {
                if (opened.IndexOf(candidates[i].Id) is >= 0 and var index
                    && opened.OperationAt(index, directory.Names.NameOf, directory.Sources.NameOf) is var operation && !RemovedSource.Is(operation.Source))
                {
                    _found[candidates[i].Id] = (operation, block);
                }
            }

            // Does nothing for a block that the cache keeps.
            opened.Dispose();
        }
    }

    /// <summary>Prefetches the hash-table entries of all ids, so that the lookups do not each incur a cache miss.</summary>
    private void Touch(IReadOnlyList<JournalEntry> entries)
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

    private List<(Guid Id, long Block)> Candidates(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        var candidates = new List<(Guid Id, long Block)>();
        var older = blocks.Older;
        var found = new List<BlockInfo>();
        var buffer = new List<int>();
        Span<int> recent = stackalloc int[RecentIds.MaxCandidates];
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i] is not OperationEnded { Operation.Id: var id })
            {
                continue;
            }

            var (high, low) = OperationKeys.Split(id);
            foreach (int block in recent[..blocks.Ids.Find(high, low, recent)])
            {
                candidates.Add((id, block));
            }

            found.Clear();
            older.Find(high, low, ReadIds, buffer, found, cancellationToken);
            foreach (var block in found)
            {
                candidates.Add((id, block.Id));
            }
        }

        return candidates;
    }

    private (long High, long Low)[]? ReadIds(BlockInfo block)
    {
        using var opened = writer.OpenOnce(block);
        if (opened is null)
        {
            return null;
        }

        var ids = new (long High, long Low)[opened.Count];
        opened.CopyIds(ids);
        return ids;
    }
}
