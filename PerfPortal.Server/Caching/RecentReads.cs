using BitFaster.Caching.Lru;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Caching;

/// <summary>
/// Caches reads of a sliding range until the range has moved by about one pixel of its chart; an earlier read would not change the
/// chart visibly. Shared by all viewers; caches at most <see cref="MaxItems"/> results and evicts the least recently used first.
/// </summary>
internal sealed class RecentReads(TimeProvider time)
{
    /// <summary>The capacity of the cache.</summary>
    public const int MaxItems = 64;

    private const int Pixels = 600;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly ClassicLru<(string What, TimeSpan Length), Entry> _entries = new(MaxItems);

    /// <summary>Returns the cached result if it is recent enough; otherwise reads it.</summary>
    /// <param name="what">The cache key: the data set and its source.</param>
    /// <param name="range">The range.</param>
    /// <param name="read">Reads the result.</param>
    public async Task<T> GetAsync<T>(string what, TimeRange range, Func<Task<T>> read)
        where T : class
    {
        var allowed = range.Length / Pixels < MaxAge ? range.Length / Pixels : MaxAge;
        if (_entries.TryGet((what, range.Length), out var kept) && kept.Answer is T answer
            && (range.To - kept.To).Duration() < allowed && time.GetElapsedTime(kept.ReadAt) < allowed)
        {
            return answer;
        }

        long now = time.GetTimestamp();
        var fresh = await read().ConfigureAwait(false);
        _entries.AddOrUpdate((what, range.Length), new(fresh, range.To, now));
        return fresh;
    }

    /// <summary>Forgets all results.</summary>
    public void Clear() => _entries.Clear();

    private sealed record Entry(object Answer, DateTimeOffset To, long ReadAt);
}
