using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>One minute or hour, or a quarter of a day put together of its hours.</summary>
/// <param name="Resolution">Minute or hour.</param>
/// <param name="Bucket">Which since 1970.</param>
internal readonly record struct PageAt(RollupResolution Resolution, long Bucket)
{
    /// <summary>Hours of a quarter of a day.</summary>
    public const int HoursOfQuarter = 6;

    /// <summary>Quarters of a day are held, never stored.</summary>
    public const RollupResolution Quarter = (RollupResolution)3;

    /// <summary>The quarter that an hour is part of.</summary>
    public PageAt QuarterOf => new(Quarter, (long)Math.Floor(Bucket / (double)HoursOfQuarter));
}

/// <summary>
/// Pages that were read, bounded by their bytes; the least recently used goes first. That a bucket holds nothing is remembered, too.
/// Not safe for concurrent use: <see cref="RollupBuffer"/> guards it.
/// </summary>
internal sealed class RollupCache(long maxBytes)
{
    // Beside a page: its key, its place in the order, the dictionary's entry.
    private const int Overhead = 150;

    private readonly Dictionary<PageAt, LinkedListNode<Held>> _pages = [];
    private readonly LinkedList<Held> _order = new();

    /// <summary>About how many bytes the pages take.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many pages are held.</summary>
    public int Count => _pages.Count;

    /// <summary>The page, when it is held and was read at <paramref name="notBefore"/> or later (a timestamp).</summary>
    public RollupPage? Find(PageAt at, long notBefore)
    {
        if (!_pages.TryGetValue(at, out var node) || node.Value.Read < notBefore)
        {
            return null;
        }

        if (_order.First != node)
        {
            _order.Remove(node);
            _order.AddFirst(node);
        }

        return node.Value.Page;
    }

    /// <summary>Holds a page that was read at that timestamp; one that is larger than all the room is not held.</summary>
    public void Put(PageAt at, RollupPage page, long read)
    {
        Remove(at);
        if (SizeOf(page) > maxBytes)
        {
            return;
        }

        _pages.Add(at, _order.AddFirst(new Held(at, page, read)));
        Bytes += SizeOf(page);
        while (Bytes > maxBytes)
        {
            Remove(_order.Last!.Value.At);
        }
    }

    /// <summary>Forgets a page.</summary>
    public void Remove(PageAt at)
    {
        if (_pages.Remove(at, out var node))
        {
            _order.Remove(node);
            Bytes -= SizeOf(node.Value.Page);
        }
    }

    /// <summary>Forgets the pages of a resolution before a bucket.</summary>
    public void RemoveBefore(RollupResolution resolution, long bucket)
    {
        foreach (var at in _pages.Keys.Where(at => at.Resolution == resolution && at.Bucket < bucket
            || resolution == RollupResolution.Hour && at.Resolution == PageAt.Quarter && at.Bucket * PageAt.HoursOfQuarter < bucket).ToList())
        {
            Remove(at);
        }
    }

    private static long SizeOf(RollupPage page) => (ReferenceEquals(page, RollupPage.Empty) ? 0 : page.Bytes) + Overhead;

    private sealed record Held(PageAt At, RollupPage Page, long Read);
}
