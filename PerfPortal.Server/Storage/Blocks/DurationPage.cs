using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Finds a page ordered by duration: a merge of the blocks' sorted runs, entered after the cursor by binary search.
/// A block is represented by its best possible duration until the merge reaches it; only then is it sorted. Sorted blocks are opened only
/// if one of their operations is on the page, or if durations are equal and the blocks' times overlap.
/// </summary>
internal sealed class DurationPage(PageOrder order, RowMatch match, int limit, PageCursor? after, Func<BlockPlace, Operation> show, PageBlocks opened)
{
    private const int CostOfText = 64;

    /// <summary>Finds the page.</summary>
    /// <param name="blocks">The stored blocks.</param>
    /// <param name="sort">Returns the duration order of a block, or <see langword="null"/> if it is corrupt.</param>
    /// <param name="type">The only matching metric type, or <see langword="null"/> for all.</param>
    /// <param name="budget">The maximum number of operations to examine.</param>
    /// <param name="cancellationToken">Cancels the operation between two steps.</param>
    public OperationPage Find(
        IEnumerable<BlockInfo> blocks, Func<BlockInfo, DurationOrder?> sort, MetricType? type, long budget, CancellationToken cancellationToken)
    {
        var waiting = blocks.Where(match.MayPass).Select(Wait).OfType<Run>().Select(run => (run, run));
        var heads = new PriorityQueue<Run, Run>(waiting, Comparer<Run>.Create(Compare));
        var page = new List<Operation>(limit);
        PageCursor? last = null;
        while (heads.TryPeek(out var run, out _) && (order.IsDescending ? HeadOf(run) >= match.MinDuration : HeadOf(run) <= match.MaxDuration))
        {
            // Where many blocks overlap and durations are equal, each step opens blocks.
            cancellationToken.ThrowIfCancellationRequested();
            if (run is not Sorted sorted)
            {
                if (Enter(run, sort, type) is { } entered)
                {
                    heads.DequeueEnqueue(entered, entered);
                }
                else
                {
                    heads.Dequeue();
                }

                continue;
            }

            if (budget <= 0)
            {
                if (Here(sorted) is { } here)
                {
                    return new(page, here, IsIncomplete: true);
                }

                // The block can no longer be opened; continue with the others.
                heads.Dequeue();
                continue;
            }

            if (Look(sorted, ref budget) is { } place)
            {
                if (page.Count == limit)
                {
                    return new(page, last);
                }

                page.Add(show(place));
                last = page.Count == limit ? PageOrder.Behind(place) : null;
            }

            // Dequeue before changing the run: the queue compares its elements.
            heads.Dequeue();
            sorted.At += order.IsDescending ? -1 : 1;
            if (sorted.At >= 0 && sorted.At < sorted.Order.Count)
            {
                heads.Enqueue(sorted, sorted);
            }
        }

        return new(page, null);
    }

    /// <summary>Creates the entry of a block that is not yet sorted; <see langword="null"/> if no operation of it is after the cursor.</summary>
    private Run? Wait(BlockInfo block)
    {
        if (block.DurationsOf(match.Series) is not { } durations)
        {
            return null;
        }

        return order.IsDescending
            ? after is { } above && durations.Min > above.SortValue ? null : new(block, Math.Min(Math.Min(durations.Max, match.MaxDuration), after?.SortValue ?? long.MaxValue))
            : after is { } below && durations.Max < below.SortValue ? null : new(block, Math.Max(Math.Max(durations.Min, match.MinDuration), after?.SortValue ?? long.MinValue));
    }

    /// <summary>
    /// Sorts a block and positions it after the cursor and at its bound at the earliest, so that the heads advance monotonically.
    /// <see langword="null"/> if no operation remains. Series are matched per operation because a block can have thousands of them.
    /// </summary>
    private Sorted? Enter(Run waiting, Func<BlockInfo, DurationOrder?> sort, MetricType? type)
    {
        if (sort(waiting.Block) is not { } sorted || (match.NeedsText && !(opened.Open(waiting.Block) is { } open && match.MayContainText(open))))
        {
            return null;
        }

        var run = new Sorted(waiting.Block, sorted.RunOf(type));
        var cursor = after?.SortValue == waiting.Bound ? after : null;
        int low = 0;
        int high = run.Order.Count;

        // Binary search in ascending (duration, end, id) order for the insertion point. The bound is inclusive, the cursor exclusive.
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int sign = cursor is { } behind ? Compare(run, middle, behind) : DurationOf(run, middle).CompareTo(waiting.Bound);
            if (sign < 0 || (sign == 0 && (cursor is null) == order.IsDescending))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        run.At = order.IsDescending ? low - 1 : low;
        return run.At >= 0 && run.At < run.Order.Count ? run : null;
    }

    /// <summary>Returns the operation at a run's head if it matches.</summary>
    private BlockPlace? Look(Sorted run, ref long budget)
    {
        // Checks series and duration before opening the block.
        if (!match.Series.Passes(run.Order.SeriesAt(run.At)) || (run.Order.DurationAt(run.At) is { } duration && !match.Passes(match.FromUs, duration)))
        {
            budget--;
            return null;
        }

        budget -= match.NeedsText ? CostOfText : 1;

        return opened.Open(run.Block) is { } block && PlaceOf(run, block, DurationOf(run, run.At)) is var place && match.Passes(place) ? place : null;
    }

    private static BlockPlace PlaceOf(Sorted run, OperationBlock block, long duration) =>
        new(block, run.Order.PlaceAt(run.At), run.Order.SeriesAt(run.At), duration, duration);

    private PageCursor? Here(Sorted run)
    {
        if (opened.Open(run.Block) is not { } block)
        {
            return null;
        }

        // The cursor points just before the first operation not examined: at its neighbour by id.
        var place = PlaceOf(run, block, DurationOf(run, run.At));
        var (high, low) = OperationKeys.Split(place.Id);
        return new(place.Duration, place.End, OperationKeys.Join(high, order.IsDescending ? low + 1 : low - 1));
    }

    private int Compare(Run left, Run right)
    {
        int sign = HeadOf(left).CompareTo(HeadOf(right));
        if (sign == 0)
        {
            if (left is not Sorted x || right is not Sorted y)
            {
                // An unsorted block that may come first must be sorted first.
                return (left is Sorted).CompareTo(right is Sorted);
            }

            sign = x.Block.Bounds.LastEnd < y.Block.Bounds.FirstEnd ? -1 : x.Block.Bounds.FirstEnd > y.Block.Bounds.LastEnd ? 1 : ComparePlaces(x, y);
        }

        return order.IsDescending ? -sign : sign;
    }

    private int ComparePlaces(Sorted x, Sorted y)
    {
        if (opened.Open(x.Block) is not { } left || opened.Open(y.Block) is not { } right)
        {
            return x.Block.Id.CompareTo(y.Block.Id);
        }

        int sign = order.Compare(PageOrder.Behind(PlaceOf(x, left, 0)), PageOrder.Behind(PlaceOf(y, right, 0)));
        return order.IsDescending ? -sign : sign;
    }

    /// <summary>Compares an operation with the cursor in ascending (duration, end, id) order.</summary>
    private int Compare(Sorted run, int at, PageCursor cursor)
    {
        int sign = DurationOf(run, at).CompareTo(cursor.SortValue);
        if (sign != 0)
        {
            return sign;
        }

        if (run.Block.Bounds.LastEnd < cursor.Key)
        {
            return -1;
        }

        if (run.Block.Bounds.FirstEnd > cursor.Key || opened.Open(run.Block) is not { } block)
        {
            return 1;
        }

        var place = new BlockPlace(block, run.Order.PlaceAt(at), run.Order.SeriesAt(at), cursor.SortValue, cursor.SortValue);
        return PageOrder.Behind(place) == cursor ? 0 : order.IsAfter(place, cursor) == order.IsDescending ? -1 : 1;
    }

    private long HeadOf(Run run) => run is Sorted sorted ? DurationOf(sorted, sorted.At) : run.Bound;

    private long DurationOf(Sorted run, int at) =>
        run.Order.DurationAt(at) ?? opened.Open(run.Block)?.Durations[run.Order.PlaceAt(at)] ?? uint.MaxValue;

    /// <param name="block">The block.</param>
    /// <param name="bound">The best possible duration of its operations, µs.</param>
    private class Run(BlockInfo block, long bound)
    {
        public BlockInfo Block { get; } = block;

        public long Bound { get; } = bound;
    }

    private sealed class Sorted(BlockInfo block, DurationOrder.Run order) : Run(block, 0)
    {
        public DurationOrder.Run Order { get; } = order;

        public int At { get; set; }
    }
}
