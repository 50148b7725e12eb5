using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Finds a page ordered by start time. The range of start times of each block is known, so only blocks that can contribute
/// to the page are opened: a few, regardless of the position of the page.
/// </summary>
internal sealed class TimePage(PageOrder order, RowMatch match, int limit, PageCursor? after, Func<BlockPlace, Operation> show)
{
    private const int GlanceCost = 256;

    // Holds one more than requested to detect further pages. The worst is on top.
    private readonly PriorityQueue<Found, PageCursor> _best = new(Comparer<PageCursor>.Create((x, y) => order.Compare(y, x)));
    private readonly List<Found> _ofBlock = [];

    /// <summary>Finds the page.</summary>
    /// <param name="blocks">The stored blocks.</param>
    /// <param name="open">Opens a block without caching, or returns <see langword="null"/> if it is corrupt.</param>
    /// <param name="budget">The maximum number of rows to examine.</param>
    /// <param name="cancellationToken">Cancels the operation between blocks.</param>
    public OperationPage Find(IEnumerable<BlockInfo> blocks, Func<BlockInfo, OperationBlock?> open, long budget, CancellationToken cancellationToken)
    {
        var candidates = blocks.Where(block => match.MayPass(block) && !IsPassed(block)).ToArray();
        Array.Sort(candidates, (x, y) => order.IsDescending ? First(y).CompareTo(First(x)) : First(x).CompareTo(First(y)));
        foreach (var candidate in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsFull && order.IsBefore(_best.Peek().At.SortValue, First(candidate)))
            {
                break;
            }

            if (budget <= 0)
            {
                return Cut(First(candidate));
            }

            // A block that does not contain the text is skipped cheaply.
            budget -= match.NeedsText ? GlanceCost : candidate.Count;
            using var block = open(candidate);
            if (block is not null && match.MayContainText(block))
            {
                budget -= match.NeedsText ? candidate.Count : 0;
                Take(block);
            }
        }

        return Page(Sorted());
    }

    private bool IsFull => _best.Count > limit;

    /// <summary>Returns the first value in this order that an operation of the block can have.</summary>
    private long First(BlockInfo block) => order.IsDescending ? block.Bounds.MaxStart : block.Bounds.MinStart;

    /// <summary>Whether the whole block is before the cursor.</summary>
    private bool IsPassed(BlockInfo block) =>
        after is { } cursor && order.IsBefore(order.IsDescending ? block.Bounds.MinStart : block.Bounds.MaxStart, cursor.SortValue);

    private void Take(OperationBlock block)
    {
        if (match.SeriesOf(block.Series) is not { } series)
        {
            return;
        }

        var ends = block.Ends;
        var durations = block.Durations;
        var seriesOf = block.SeriesIndex;
        for (int n = 0; n < ends.Length; n++)
        {
            // Visits operations roughly in page order, so that most of the others are skipped.
            int i = order.IsDescending ? ends.Length - 1 - n : n;
            long start = ends[i] - durations[i];
            if (!series[seriesOf[i]] || (IsFull && order.IsBefore(_best.Peek().At.SortValue, start)))
            {
                continue;
            }

            var place = new BlockPlace(block, i, block.Series[seriesOf[i]], durations[i], start);
            if (match.Passes(place) && (after is not { } cursor || order.IsAfter(place, cursor)))
            {
                Keep(place);
            }
        }

        // Materialize the candidates before the block is disposed.
        foreach (var found in _ofBlock.Where(found => !found.IsOut))
        {
            found.Show(show);
        }

        _ofBlock.Clear();
    }

    private void Keep(BlockPlace place)
    {
        var found = new Found(place);
        if (!IsFull)
        {
            _best.Enqueue(found, found.At);
        }
        else if (order.Compare(found.At, _best.Peek().At) < 0)
        {
            _best.DequeueEnqueue(found, found.At).IsOut = true;
        }
        else
        {
            return;
        }

        _ofBlock.Add(found);
    }

    /// <summary>Returns the part of the page that no unexamined operation can precede.</summary>
    private OperationPage Cut(long notLookedAt)
    {
        var certain = Sorted().TakeWhile(found => order.IsBefore(found.At.SortValue, notLookedAt)).ToList();
        return certain.Count > limit ? Page(certain) : new([.. certain.Select(found => found.Operation!)], order.Before(notLookedAt), IsIncomplete: true);
    }

    private OperationPage Page(List<Found> sorted) =>
        new([.. sorted.Take(limit).Select(found => found.Operation!)], sorted.Count > limit ? sorted[limit - 1].At : null);

    private List<Found> Sorted()
    {
        var all = _best.UnorderedItems.Select(item => item.Element).ToList();
        all.Sort((x, y) => order.Compare(x.At, y.At));
        return all;
    }

    private sealed class Found(BlockPlace place)
    {
        private BlockPlace _place = place;

        public PageCursor At { get; } = PageOrder.Behind(place);

        public Operation? Operation { get; private set; }

        /// <summary>Whether it was displaced by better candidates.</summary>
        public bool IsOut { get; set; }

        /// <summary>Materializes the operation; its block may be disposed afterwards.</summary>
        public void Show(Func<BlockPlace, Operation> show)
        {
            Operation = show(_place);
            _place = default;
        }
    }
}
