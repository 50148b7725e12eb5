using BitFaster.Caching.Lru;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Caching;

/// <summary>
/// Keeps what was read of a range that moves with the present until the range has moved by about a pixel of its chart: reading it again
/// earlier would change nothing that can be seen. Shared by all viewers; holds at most <see cref="MaxItems"/> answers, least recently used out first.
/// </summary>
internal sealed class RecentReads(TimeProvider time)
{
    /// <summary>The most answers that are kept.</summary>
    public const int MaxItems = 64;

    private const int Pixels = 600;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private readonly ClassicLru<(string What, TimeSpan Length), Entry> _entries = new(MaxItems);

    /// <summary>The kept answer if it is recent enough, else a new one.</summary>
    /// <param name="what">What is read, and of whom.</param>
    /// <param name="range">The range.</param>
    /// <param name="read">Reads it.</param>
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

    private sealed record Entry(object Answer, DateTimeOffset To, long ReadAt);
}
