using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Pages that were read, bounded by their bytes, least recently used out first. That a bucket holds nothing is cached too.
/// Not safe for concurrent use: <see cref="RollupBuffer"/> guards it.
/// </summary>
internal sealed class RollupCache(long maxBytes)
{
    // Besides a page: its key, its place in the order, the dictionary's entry.
    private const int Overhead = 150;

    private readonly ByteBoundedLru<PageAt, Cached> _pages = new(maxBytes);

    /// <summary>About how many bytes the pages take.</summary>
    public long Bytes => _pages.Bytes;

    /// <summary>How many pages are cached.</summary>
    public int Count => _pages.Count;

    /// <summary>The page, if it is cached and was read at <paramref name="notBefore"/> or later (a timestamp).</summary>
    public RollupPage? Find(PageAt at, long notBefore) => _pages.TryGet(at, out var cached) && cached.Read >= notBefore ? cached.Page : null;

    /// <summary>Caches a page that was read at that timestamp; one larger than the whole cache is not kept.</summary>
    public void Put(PageAt at, RollupPage page, long read) =>
        _pages.Put(at, new(page, read), (ReferenceEquals(page, RollupPage.Empty) ? 0 : page.Bytes) + Overhead);

    /// <summary>Removes a page.</summary>
    public void Remove(PageAt at) => _pages.Remove(at);

    /// <summary>Removes the pages of a resolution before a bucket.</summary>
    public void RemoveBefore(RollupResolution resolution, long bucket) => _pages.RemoveWhere(at => at.Resolution == resolution && at.Bucket < bucket);

    private readonly record struct Cached(RollupPage Page, long Read);
}
