using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// An LRU cache of pages, bounded by their size in bytes. Empty buckets are cached too.
/// Not thread-safe; <see cref="RollupBuffer"/> synchronizes access.
/// </summary>
internal sealed class RollupCache(long maxBytes)
{
    // Per page: its key, its list node and the dictionary entry.
    private const int Overhead = 150;

    private readonly ByteBoundedLru<PageAt, RollupPage> _pages = new(maxBytes);

    /// <summary>The approximate size of the cached pages in bytes.</summary>
    public long Bytes => _pages.Bytes;

    /// <summary>The number of cached pages.</summary>
    public int Count => _pages.Count;

    /// <summary>Returns the page if it is cached.</summary>
    public RollupPage? Find(PageAt at) => _pages.TryGet(at, out var page) ? page : null;

    /// <summary>Caches a page; one larger than the whole cache is not stored.</summary>
    public void Put(PageAt at, RollupPage page) =>
        _pages.Put(at, page, (ReferenceEquals(page, RollupPage.Empty) ? 0 : page.Bytes) + Overhead);

    /// <summary>Removes a page.</summary>
    public void Remove(PageAt at) => _pages.Remove(at);

    /// <summary>Removes the pages of a resolution before a bucket.</summary>
    public void RemoveBefore(RollupResolution resolution, long bucket) => _pages.RemoveWhere(at => at.Resolution == resolution && at.Bucket < bucket);
}
