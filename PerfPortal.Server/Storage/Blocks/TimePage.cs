using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Finds a page in the order of starts. Blocks lie in the order of ends and know the range of their starts, so only those
/// are opened whose starts may belong on the page: a few, wherever the page lies.
/// </summary>
internal sealed class TimePage(PageOrder order, RowMatch match, int limit, PageCursor? after)
{
    private const int GlanceCost = 256;

    private readonly PriorityQueue<BlockPlace, BlockPlace> _best = new(Comparer<BlockPlace>.Create((x, y) => order.Compare(y, x)));

    /// <summary>Finds the page.</summary>
    /// <param name="blocks">What is stored.</param>
    /// <param name="open">Opens a block, or answers <see langword="null"/> when it is damaged.</param>
    /// <param name="budget">Rows that may be looked at.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public FoundPage Find(IEnumerable<BlockInfo> blocks, Func<BlockInfo, OperationBlock?> open, long budget, CancellationToken cancellationToken)
    {
        var candidates = blocks.Where(block => match.MayPass(block) && !IsPassed(block)).ToArray();
        Array.Sort(candidates, (x, y) => order.IsDescending ? First(y).CompareTo(First(x)) : First(x).CompareTo(First(y)));
        foreach (var candidate in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsFull && order.IsBefore(_best.Peek().Value, First(candidate)))
            {
                break;
            }

            if (budget <= 0)
            {
                return Cut(First(candidate));
            }

            // A block whose texts do not hold what is sought is passed over at a glance.
            budget -= match.NeedsText ? GlanceCost : candidate.Count;
            if (open(candidate) is { } block && match.MayHaveText(block))
            {
                budget -= match.NeedsText ? candidate.Count : 0;
                Take(block);
            }
        }

        return new(Sorted(), null);
    }

    private bool IsFull => _best.Count > limit;

    /// <summary>The first value that an operation of the block can have in this order.</summary>
    private long First(BlockInfo block) => order.IsDescending ? block.Bounds.MaxStart : block.Bounds.MinStart;

    /// <summary>Whether all of the block lies before the cursor.</summary>
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
        for (int i = 0; i < ends.Length; i++)
        {
            long start = ends[i] - durations[i];
            if (!series[seriesOf[i]] || (IsFull && order.IsBefore(_best.Peek().Value, start)))
            {
                continue;
            }

            var place = new BlockPlace(block, i, block.Series[seriesOf[i]], durations[i], start);
            if (match.Passes(place) && (after is not { } cursor || order.IsAfter(place, cursor)))
            {
                Keep(place);
            }
        }
    }

    private void Keep(BlockPlace place)
    {
        if (!IsFull)
        {
            _best.Enqueue(place, place);
        }
        else if (order.Compare(place, _best.Peek()) < 0)
        {
            _best.DequeueEnqueue(place, place);
        }
    }

    /// <summary>The page as far as it is certain: nothing that was not looked at can come before what is on it.</summary>
    private FoundPage Cut(long notLookedAt)
    {
        var certain = Sorted().TakeWhile(place => order.IsBefore(place.Value, notLookedAt)).ToList();
        return certain.Count > limit ? new(certain, null) : new(certain, order.Before(notLookedAt));
    }

    private List<BlockPlace> Sorted()
    {
        var all = _best.UnorderedItems.Select(item => item.Element).ToList();
        all.Sort(order);
        return all;
    }
}

/// <summary>The operations of a page, one more than asked for when there are more.</summary>
/// <param name="Places">The operations, in order.</param>
/// <param name="GoOn">When the search was broken off: where it goes on behind the last of them; else <see langword="null"/>.</param>
internal sealed record FoundPage(IReadOnlyList<BlockPlace> Places, PageCursor? GoOn);
