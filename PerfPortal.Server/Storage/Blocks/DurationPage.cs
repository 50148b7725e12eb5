using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Finds a page in the order of durations: a merge of the blocks' sorted runs, entered behind the cursor by binary search.
/// A block takes part with the best duration that it may have until its turn comes; only then is it sorted. Of the sorted ones, those are opened
/// of which something is shown, or where durations are equal and the blocks' times overlap.
/// </summary>
internal sealed class DurationPage(PageOrder order, RowMatch match, int limit, PageCursor? after)
{
    private const int CostOfText = 64;

    private Func<BlockInfo, OperationBlock?> _open = _ => null;

    /// <summary>Finds the page.</summary>
    /// <param name="blocks">What is stored.</param>
    /// <param name="open">Opens a block, or answers <see langword="null"/> when it is damaged.</param>
    /// <param name="sort">The order of a block by duration, or <see langword="null"/> when it is damaged.</param>
    /// <param name="type">The only type that passes, or <see langword="null"/>.</param>
    /// <param name="budget">Operations that may be looked at.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public FoundPage Find(
        IEnumerable<BlockInfo> blocks, Func<BlockInfo, OperationBlock?> open, Func<BlockInfo, DurationOrder?> sort, MetricType? type, long budget,
        CancellationToken cancellationToken)
    {
        _open = open;
        var waiting = blocks.Where(match.MayPass).Select(Wait).OfType<Run>().Select(run => (run, run));
        var heads = new PriorityQueue<Run, Run>(waiting, Comparer<Run>.Create(Compare));
        var page = new List<BlockPlace>(limit + 1);
        while (page.Count <= limit && heads.TryDequeue(out var run, out _) && (order.IsDescending ? HeadOf(run) >= match.MinDuration : HeadOf(run) <= match.MaxDuration))
        {
            if (run is not Sorted sorted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                heads.EnqueueRange(Enter(run.Block, sort, type).Select(entered => ((Run)entered, (Run)entered)));
                continue;
            }

            if (budget <= 0)
            {
                return new(page, Here(sorted));
            }

            budget -= Look(sorted, page);
            sorted.At += order.IsDescending ? -1 : 1;
            if (sorted.At >= sorted.First && sorted.At < sorted.End)
            {
                heads.Enqueue(sorted, sorted);
            }
        }

        return new(page, null);
    }

    /// <summary>A block before it is sorted; <see langword="null"/> when nothing of it lies behind the cursor.</summary>
    private Run? Wait(BlockInfo block)
    {
        if (block.DurationsOf(match.Series) is not { } durations)
        {
            return null;
        }

        return order.IsDescending
            ? after is { } above && durations.Min > above.SortValue ? null : new(block, Math.Min(durations.Max, after?.SortValue ?? long.MaxValue))
            : after is { } below && durations.Max < below.SortValue ? null : new(block, Math.Max(durations.Min, after?.SortValue ?? long.MinValue));
    }

    /// <summary>Sorts a block; answers its runs behind the cursor. Which of its series pass is asked of each operation: a block may have thousands.</summary>
    private IEnumerable<Sorted> Enter(BlockInfo block, Func<BlockInfo, DurationOrder?> sort, MetricType? type)
    {
        if (sort(block) is not { } sorted || (match.NeedsText && !(_open(block) is { } opened && match.MayHaveText(opened))))
        {
            return [];
        }

        IReadOnlyList<MetricType> kinds = type is { } only ? [only] : MetricTypes.All;
        return kinds.Select(kind => Enter(new Sorted(block, sorted), sorted.RunOf(kind))).OfType<Sorted>();
    }

    /// <summary>Puts a run on its first operation behind the cursor; <see langword="null"/> when there is none.</summary>
    private Sorted? Enter(Sorted run, (int First, int End) bounds)
    {
        (run.First, run.End) = bounds;
        int low = bounds.First;
        int high = bounds.End;

        // Ascending by (duration, end, id): the first that lies above the cursor, and below it the last that lies under.
        while (low < high && after is { } cursor)
        {
            int middle = (low + high) >>> 1;
            int sign = Compare(run, middle, cursor);
            if (sign < 0 || (sign == 0 && !order.IsDescending))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        run.At = order.IsDescending ? (after is null ? bounds.End : low) - 1 : low;
        return run.At >= bounds.First && run.At < bounds.End ? run : null;
    }

    private int Look(Sorted run, List<BlockPlace> page)
    {
        if (!match.Series.Passes(run.Order.Series[run.Order.SeriesAt(run.At)]))
        {
            return 1;
        }

        // Not every operation has to be opened to see that its duration does not pass.
        if (run.Order.DurationAt(run.At) is { } duration && !match.Passes(match.FromUs, duration))
        {
            return 1;
        }

        if (_open(run.Block) is not { } block)
        {
            return 1;
        }

        var place = PlaceOf(run, block, DurationOf(run, run.At));
        if (match.Passes(place))
        {
            page.Add(place);
        }

        return match.NeedsText ? CostOfText : 1;
    }

    private static BlockPlace PlaceOf(Sorted run, OperationBlock block, long duration) =>
        new(block, run.Order.PlaceAt(run.At), run.Order.SeriesAt(run.At), duration, duration);

    private PageCursor? Here(Sorted run)
    {
        if (_open(run.Block) is not { } block)
        {
            return null;
        }

        // The cursor stands before the operation that was not looked at any more: at its neighbour by id.
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
                // What may come first has to be looked at first.
                return (left is Sorted).CompareTo(right is Sorted);
            }

            sign = x.Block.Bounds.LastEnd < y.Block.Bounds.FirstEnd ? -1
                : x.Block.Bounds.FirstEnd > y.Block.Bounds.LastEnd ? 1
                : x.Block == y.Block ? x.Order.PlaceAt(x.At).CompareTo(y.Order.PlaceAt(y.At))
                : ComparePlaces(x, y);
        }

        return order.IsDescending ? -sign : sign;
    }

    private int ComparePlaces(Sorted x, Sorted y)
    {
        if (_open(x.Block) is not { } left || _open(y.Block) is not { } right)
        {
            return x.Block.Id.CompareTo(y.Block.Id);
        }

        int sign = order.Compare(PlaceOf(x, left, 0), PlaceOf(y, right, 0));
        return order.IsDescending ? -sign : sign;
    }

    /// <summary>Where an operation lies to the cursor, ascending by (duration, end, id).</summary>
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

        if (run.Block.Bounds.FirstEnd > cursor.Key || _open(run.Block) is not { } block)
        {
            return 1;
        }

        var place = new BlockPlace(block, run.Order.PlaceAt(at), run.Order.SeriesAt(at), cursor.SortValue, cursor.SortValue);
        return PageOrder.Behind(place) == cursor ? 0 : order.IsAfter(place, cursor) == order.IsDescending ? -1 : 1;
    }

    private long HeadOf(Run run) => run is Sorted sorted ? DurationOf(sorted, sorted.At) : run.Bound;

    private long DurationOf(Sorted run, int at) =>
        run.Order.DurationAt(at) ?? _open(run.Block)?.Durations[run.Order.PlaceAt(at)] ?? uint.MaxValue;

    /// <param name="block">The block.</param>
    /// <param name="bound">The best duration that one of its operations may have, µs.</param>
    private class Run(BlockInfo block, long bound)
    {
        public BlockInfo Block { get; } = block;

        public long Bound { get; } = bound;
    }

    private sealed class Sorted(BlockInfo block, DurationOrder order) : Run(block, 0)
    {
        public DurationOrder Order { get; } = order;

        public int First { get; set; }

        public int End { get; set; }

        public int At { get; set; }
    }
}
