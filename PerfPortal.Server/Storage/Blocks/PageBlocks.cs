namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A small LRU cache of the blocks opened for a page by duration. Evicted blocks are disposed.</summary>
internal sealed class PageBlocks(Func<BlockInfo, OperationBlock?> open) : IDisposable
{
    // Two blocks are compared at a time; a larger cache avoids reopening blocks in small stores.
    private const int MaxItems = 16;

    private readonly List<(long Id, OperationBlock? Block)> _open = new(MaxItems);

    /// <summary>Opens a block, which remains valid until <see cref="MaxItems"/> others were opened; <see langword="null"/> if it is corrupt.</summary>
    public OperationBlock? Open(BlockInfo info)
    {
        int at = _open.FindIndex(one => one.Id == info.Id);
        var block = at < 0 ? open(info) : _open[at].Block;
        if (at >= 0)
        {
            _open.RemoveAt(at);
        }
        else if (_open.Count == MaxItems)
        {
            _open[0].Block?.Dispose();
            _open.RemoveAt(0);
        }

        _open.Add((info.Id, block));
        return block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _open.ForEach(one => one.Block?.Dispose());
        _open.Clear();
    }
}
