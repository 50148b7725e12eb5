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
/// What pages are together, by group, so that a window that is asked for again and again is merged once in an hour or minute. Bounded by bytes and number, the least
/// recently used goes first; and what nobody asks for any more goes after two minutes, for windows that move on leave a sum behind each minute. Who takes figures from here must not change them. Not safe for concurrent use: <see cref="RollupBuffer"/> guards it.
/// </summary>
internal sealed class RollupSums(long maxBytes, TimeProvider time)
{
    private const int MaxItems = 1_000;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(2);

    // Beside the figures: the key with its filter, the groups' keys, the entries of two dictionaries.
    private const int Overhead = 300;
    private const int GroupOverhead = 100;

    private readonly Dictionary<SumOf, Held> _sums = [];
    private long _cleared = time.GetTimestamp();

    /// <summary>About how many bytes the sums take.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many sums are held.</summary>
    public int Count => _sums.Count;

    /// <summary>The figures, when they are held.</summary>
    public IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder>? Find(SumOf sum)
    {
        if (!_sums.TryGetValue(sum, out var held))
        {
            return null;
        }

        held.Used = time.GetTimestamp();
        return held.Figures;
    }

    /// <summary>Holds figures; those that are larger than all the room are not held.</summary>
    public void Put(SumOf sum, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures)
    {
        Remove(sum);
        long bytes = Overhead + figures.Values.Sum(figure => figure.Bytes + GroupOverhead);
        if (bytes > maxBytes)
        {
            return;
        }

        if (time.GetElapsedTime(_cleared) >= Unused)
        {
            _cleared = time.GetTimestamp();
            foreach (var (old, _) in _sums.Where(pair => time.GetElapsedTime(pair.Value.Used) >= Unused).ToList())
            {
                Remove(old);
            }
        }

        while (Bytes + bytes > maxBytes || _sums.Count >= MaxItems)
        {
            Remove(_sums.MinBy(pair => pair.Value.Used).Key);
        }

        _sums.Add(sum, new(figures, bytes) { Used = time.GetTimestamp() });
        Bytes += bytes;
    }

    /// <summary>Forgets the sums that one of these pages is part of.</summary>
    public void Remove(IReadOnlyCollection<PageAt> pages)
    {
        var buckets = pages.GroupBy(page => page.Resolution, page => page.Bucket).ToDictionary(group => group.Key, group => group.Order().ToArray());
        RemoveWhere(sum => buckets.TryGetValue(sum.Resolution, out long[]? changed) && Holds(sum, changed));
    }

    private static bool Holds(SumOf sum, long[] buckets)
    {
        int at = Array.BinarySearch(buckets, sum.From);
        at = at < 0 ? ~at : at;
        return at < buckets.Length && buckets[at] < sum.To;
    }

    /// <summary>Forgets the sums of a resolution that reach before a bucket.</summary>
    public void RemoveBefore(RollupResolution resolution, long bucket) => RemoveWhere(sum => sum.Resolution == resolution && sum.From < bucket);

    private void RemoveWhere(Func<SumOf, bool> isGone)
    {
        foreach (var sum in _sums.Keys.Where(isGone).ToList())
        {
            Remove(sum);
        }
    }

    private void Remove(SumOf sum)
    {
        if (_sums.Remove(sum, out var held))
        {
            Bytes -= held.Bytes;
        }
    }

    private sealed record Held(IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> Figures, long Bytes)
    {
        public long Used { get; set; }
    }
}
