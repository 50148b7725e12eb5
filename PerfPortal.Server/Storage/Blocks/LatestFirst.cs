namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Enumerates operations from the latest end to the earliest by merging blocks, each opened only when reached.</summary>
internal static class LatestFirst
{
    /// <summary>Returns the matching operations, latest end first.</summary>
    /// <param name="blocks">The stored blocks.</param>
    /// <param name="match">The filter.</param>
    /// <param name="open">Opens a block, or returns <see langword="null"/> if it is corrupt.</param>
    public static IEnumerable<(OperationBlock Block, int Index)> Of(IEnumerable<BlockInfo> blocks, RowMatch match, Func<BlockInfo, OperationBlock?> open)
    {
        var waiting = new Queue<BlockInfo>(blocks.Where(match.MayPass).OrderByDescending(block => block.Bounds.LastEnd));
        var heads = new PriorityQueue<Head, long>();
        while (true)
        {
            while (waiting.TryPeek(out var next) && (!heads.TryPeek(out _, out long latest) || next.Bounds.LastEnd >= -latest))
            {
                waiting.Dequeue();
                if (open(next) is { } block && match.SeriesOf(block.Series) is { } series && Head.Of(block, match, series) is { } head)
                {
                    heads.Enqueue(head, -head.End);
                }
            }

            if (!heads.TryDequeue(out var first, out _))
            {
                yield break;
            }

            yield return (first.Block, first.Index);
            if (first.Next(match))
            {
                heads.Enqueue(first, -first.End);
            }
        }
    }

    private sealed class Head(OperationBlock block, bool[] series)
    {
        public OperationBlock Block { get; } = block;

        public int Index { get; private set; } = block.Count;

        public long End => Block.Ends[Index];

        public static Head? Of(OperationBlock block, RowMatch match, bool[] series)
        {
            var head = new Head(block, series);
            return head.Next(match) ? head : null;
        }

        /// <summary>Advances to the next match; <see langword="false"/> if there is none.</summary>
        public bool Next(RowMatch match)
        {
            var seriesOf = Block.SeriesIndex;
            for (int i = Index - 1; i >= 0; i--)
            {
                if (series[seriesOf[i]] && match.Passes(Block, i))
                {
                    Index = i;
                    return true;
                }
            }

            return false;
        }
    }
}
