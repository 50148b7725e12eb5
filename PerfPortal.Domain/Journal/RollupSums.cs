using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>Identifies a sum of pages.</summary>
/// <param name="Resolution">Minutes or hours.</param>
/// <param name="From">The first bucket.</param>
/// <param name="To">The end bucket, exclusive.</param>
/// <param name="Filter">The operations to include.</param>
/// <param name="Grouping">The grouping.</param>
/// <param name="WithFacts">Whether facts are included.</param>
internal sealed record SumOf(RollupResolution Resolution, long From, long To, SeriesFilter Filter, StatisticsGrouping Grouping, bool WithFacts)
{
    /// <summary>Whether a page is part of the sum.</summary>
    public bool Holds(PageAt page) => page.Resolution == Resolution && page.Bucket >= From && page.Bucket < To;
}

/// <summary>
/// An LRU cache of page sums by group, so that a frequently requested window is merged only once per hour or minute. Bounded by size in bytes and by number;
/// a sum that was not used for two minutes is evicted, because a moving window leaves one behind each minute. Callers must not modify the returned figures.
/// Not thread-safe; <see cref="RollupBuffer"/> synchronizes access.
/// </summary>
internal sealed class RollupSums(long maxBytes, TimeProvider time)
{
    private const int MaxItems = 1_000;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(2);

    // Besides the figures: the key with its filter, the group keys and the entries of two dictionaries.
    private const int Overhead = 300;
    private const int GroupOverhead = 100;

    private readonly ByteBoundedLru<SumOf, Cached> _sums = new(maxBytes);

    /// <summary>The approximate size of the cached sums in bytes.</summary>
    public long Bytes => _sums.Bytes;

    /// <summary>The number of cached sums.</summary>
    public int Count => _sums.Count;

    /// <summary>Returns the figures if they are cached.</summary>
    public IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder>? Find(SumOf sum)
    {
        if (!_sums.TryGet(sum, out var cached))
        {
            return null;
        }

        cached.Used = time.GetTimestamp();
        return cached.Figures;
    }

    /// <summary>Caches figures; those larger than the whole cache are not stored.</summary>
    public void Put(SumOf sum, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures)
    {
        _sums.EvictWhile(cached => _sums.Count >= MaxItems || time.GetElapsedTime(cached.Used) >= Unused);
        _sums.Put(sum, new(figures) { Used = time.GetTimestamp() }, Overhead + figures.Values.Sum(figure => figure.Bytes + GroupOverhead));
    }

    /// <summary>Removes the sums that contain one of these pages.</summary>
    public void Remove(IReadOnlyCollection<PageAt> pages)
    {
        var buckets = pages.GroupBy(page => page.Resolution, page => page.Bucket).ToDictionary(group => group.Key, group => group.Order().ToArray());
        _sums.RemoveWhere(sum => buckets.TryGetValue(sum.Resolution, out long[]? changed) && Holds(sum, changed));
    }

    /// <summary>Removes the sums of a resolution that start before a bucket.</summary>
    public void RemoveBefore(RollupResolution resolution, long bucket) => _sums.RemoveWhere(sum => sum.Resolution == resolution && sum.From < bucket);

    private static bool Holds(SumOf sum, long[] buckets)
    {
        int at = Array.BinarySearch(buckets, sum.From);
        at = at < 0 ? ~at : at;
        return at < buckets.Length && buckets[at] < sum.To;
    }

    private sealed record Cached(IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> Figures)
    {
        public long Used { get; set; }
    }
}
