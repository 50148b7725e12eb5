using System.Collections.Immutable;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The blocks that are stored at one moment; immutable. Bounded by what retention keeps.</summary>
internal sealed class BlockDirectory
{
    private BlockDirectory(ImmutableSortedDictionary<long, BlockInfo> byId) => ById = byId;

    /// <summary>No blocks.</summary>
    public static BlockDirectory Empty { get; } = new(ImmutableSortedDictionary<long, BlockInfo>.Empty);

    /// <summary>The blocks by number.</summary>
    public ImmutableSortedDictionary<long, BlockInfo> ById { get; }

    /// <summary>The blocks, in the order of their numbers.</summary>
    public IEnumerable<BlockInfo> All => ById.Values;

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

        return new(builder.ToImmutable());
    }
}
