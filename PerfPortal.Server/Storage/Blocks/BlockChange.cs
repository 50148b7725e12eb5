namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What a transaction does to the blocks.</summary>
internal sealed class BlockChange
{
    private readonly HashSet<long> _gone = [];
    private readonly List<(BlockInfo Info, (long High, long Low)[] Ids)> _come = [];

    /// <summary>Blocks that are deleted.</summary>
    public IReadOnlySet<long> Gone => _gone;

    /// <summary>Blocks that are new, with the ids in them.</summary>
    public IReadOnlyList<(BlockInfo Info, (long High, long Low)[] Ids)> Come => _come;

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => _gone.Count + _come.Count == 0;

    /// <summary>Notes a block that is deleted.</summary>
    public void Remove(long block) => _gone.Add(block);

    /// <summary>Notes a new block.</summary>
    public void Add(BlockInfo block, (long High, long Low)[] ids) => _come.Add((block, ids));
}
