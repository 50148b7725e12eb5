using System.Collections.Immutable;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>An immutable snapshot of the stored blocks. Bounded by retention.</summary>
internal sealed class BlockDirectory
{
    // An upper bound for the end of all operations. Not lowered when blocks are deleted, because most lookups are for later times anyway.
    private readonly long _latestEnd;

    private BlockDirectory(ImmutableSortedDictionary<long, BlockInfo> byId, long latestEnd)
    {
        ById = byId;
        _latestEnd = latestEnd;
    }

    /// <summary>The empty directory.</summary>
    public static BlockDirectory Empty { get; } = new(ImmutableSortedDictionary<long, BlockInfo>.Empty, long.MinValue);

    /// <summary>The blocks by id.</summary>
    public ImmutableSortedDictionary<long, BlockInfo> ById { get; }

    /// <summary>The blocks, ordered by id.</summary>
    public IEnumerable<BlockInfo> All => ById.Values;

    /// <summary>Whether an operation may have ended in [<paramref name="from"/>, <paramref name="to"/>), µs since 1970.</summary>
    public bool MayHaveEnded(long from, long to) => from <= _latestEnd && All.Any(block => block.Bounds.Overlaps(from, to));

    /// <summary>Returns a directory with some blocks removed and others added.</summary>
    public BlockDirectory With(IReadOnlyCollection<long> gone, IReadOnlyCollection<BlockInfo> come)
    {
        if (gone.Count + come.Count == 0)
        {
            return this;
        }

        var builder = ById.ToBuilder();
        builder.RemoveRange(gone);
        foreach (var block in come)
        {
            builder.Add(block.Id, block);
        }

        return new(builder.ToImmutable(), come.Aggregate(_latestEnd, (latest, block) => Math.Max(latest, block.Bounds.LastEnd)));
    }
}
