using System.Collections.Immutable;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The blocks that are stored at one moment; immutable. Bounded by what retention keeps.</summary>
internal sealed class BlockDirectory
{
    // No operation of any block ended later. Of blocks that are gone it is remembered, for what is looked for is mostly later than all.
    private readonly long _latestEnd;

    private BlockDirectory(ImmutableSortedDictionary<long, BlockInfo> byId, long latestEnd)
    {
        ById = byId;
        _latestEnd = latestEnd;
    }

    /// <summary>No blocks.</summary>
    public static BlockDirectory Empty { get; } = new(ImmutableSortedDictionary<long, BlockInfo>.Empty, long.MinValue);

    /// <summary>The blocks by number.</summary>
    public ImmutableSortedDictionary<long, BlockInfo> ById { get; }

    /// <summary>The blocks, in the order of their numbers.</summary>
    public IEnumerable<BlockInfo> All => ById.Values;

    /// <summary>Whether an operation may have ended in [<paramref name="from"/>, <paramref name="to"/>), µs since 1970.</summary>
    public bool MayHaveEnded(long from, long to) => from <= _latestEnd && All.Any(block => block.Bounds.Overlaps(from, to));

    /// <summary>The directory after some blocks went and others came.</summary>
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
