namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The blocks that a page by duration looks into one after the other: the last few stay open, and each gives its memory back when others take its place.</summary>
internal sealed class PageBlocks(Func<BlockInfo, OperationBlock?> open) : IDisposable
{
    // Two are compared at a time; more of them spare a small store's pages the opening.
    private const int MaxItems = 16;

    private readonly List<(long Id, OperationBlock? Block)> _open = new(MaxItems);

    /// <summary>A block, until <see cref="MaxItems"/> others were asked for; <see langword="null"/> when it is damaged.</summary>
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
