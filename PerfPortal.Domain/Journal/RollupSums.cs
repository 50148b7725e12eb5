using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>Which pages are summed up, and by what.</summary>
/// <param name="Resolution">Minutes or hours.</param>
/// <param name="From">The first bucket.</param>
/// <param name="To">Behind the last bucket.</param>
/// <param name="Filter">Which operations.</param>
/// <param name="Grouping">What is grouped by.</param>
/// <param name="WithFacts">Whether facts are summed up too.</param>
internal sealed record SumOf(RollupResolution Resolution, long From, long To, SeriesFilter Filter, StatisticsGrouping Grouping, bool WithFacts)
{
    /// <summary>Whether a page is part of it.</summary>
    public bool Holds(PageAt page) => page.Resolution == Resolution && page.Bucket >= From && page.Bucket < To;
}

/// <summary>
/// Sums of pages by group, so that a window that is asked for again and again is merged once per hour or minute. Bounded by bytes and number, least recently used out first;
/// a sum that was not used for two minutes is dropped, because windows that move on leave one behind each minute. Callers must not change the figures they get.
/// Not safe for concurrent use: <see cref="RollupBuffer"/> guards it.
/// </summary>
internal sealed class RollupSums(long maxBytes, TimeProvider time)
{
    private const int MaxItems = 1_000;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(2);

    // Besides the figures: the key with its filter, the groups' keys, the entries of two dictionaries.
    private const int Overhead = 300;
    private const int GroupOverhead = 100;

    private readonly ByteBoundedLru<SumOf, Cached> _sums = new(maxBytes);

    /// <summary>About how many bytes the sums take.</summary>
    public long Bytes => _sums.Bytes;

    /// <summary>How many sums are cached.</summary>
    public int Count => _sums.Count;

    /// <summary>The figures, if they are cached.</summary>
    public IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder>? Find(SumOf sum)
    {
        if (!_sums.TryGet(sum, out var cached))
        {
            return null;
        }

        cached.Used = time.GetTimestamp();
        return cached.Figures;
    }

    /// <summary>Caches figures; those larger than the whole cache are not kept.</summary>
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

    /// <summary>Removes the sums of a resolution that begin before a bucket.</summary>
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
