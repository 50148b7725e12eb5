namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The block changes of a transaction.</summary>
internal sealed class BlockChange
{
    private readonly HashSet<long> _disposal = [];
    private readonly List<(BlockInfo Info, (long High, long Low)[] Ids)> _come = [];

    /// <summary>The deleted blocks.</summary>
    public IReadOnlySet<long> Gone => _disposal;

    /// <summary>The new blocks with their operation ids.</summary>
    public IReadOnlyList<(BlockInfo Info, (long High, long Low)[] Ids)> Come => _come;

    /// <summary>Whether there are no changes.</summary>
    public bool IsEmpty => _disposal.Count + _come.Count == 0;

    /// <summary>Records a deleted block.</summary>
    public void Remove(long block) => _disposal.Add(block);

    /// <summary>Records a new block.</summary>
    public void Add(BlockInfo block, (long High, long Low)[] ids) => _come.Add((block, ids));
}
