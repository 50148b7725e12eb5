using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>
/// Keeps the scores of a group for a request. The key is their content, so a changed candidate or requirement is a miss and never a wrong
/// answer. Bounded; the least recently used are dropped first. Thread-safe.
/// </summary>
/// <param name="scorer">What scores.</param>
/// <param name="time">The clock.</param>
/// <param name="maxScores">The maximum number of scores kept.</param>
internal sealed class ScoreCache(CompatibilityScorer scorer, TimeProvider time, int maxScores)
{
    /// <summary>What a score occupies at most, roughly: its parts with their sentences.</summary>
    private const long ScoreBytes = 2_048;

    private readonly Lock _lock = new();
    private readonly ByteBoundedLru<Key, Entry> _entries = new(maxScores * ScoreBytes);
    private long _hits;
    private long _misses;

    /// <summary>The number of times that scores were found.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>The number of times that they had to be calculated.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>The number of groups and requests whose scores are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Returns the scores of a group's models, the wanted one first.</summary>
    /// <param name="group">The group.</param>
    /// <param name="request">The requirements.</param>
    /// <param name="lifetime">How old kept scores may be.</param>
    public (CompatibilityScore[] Scores, bool IsHit) Get(FallbackGroup group, FallbackRequest request, TimeSpan lifetime)
    {
        var key = new Key(group, request);
        lock (_lock)
        {
            if (_entries.TryGet(key, out var kept) && time.GetElapsedTime(kept.CalculatedAt) < lifetime)
            {
                Interlocked.Increment(ref _hits);
                return (kept.Scores, true);
            }
        }

        Interlocked.Increment(ref _misses);
        long now = time.GetTimestamp();
        CompatibilityScore[] scores = [.. group.Models.Select(model => scorer.Score(group.Wanted, model, request))];
        lock (_lock)
        {
            _entries.Put(key, new(scores, now), scores.Length * ScoreBytes);
        }

        return (scores, false);
    }

    private readonly record struct Key(FallbackGroup Group, FallbackRequest Request);

    private sealed record Entry(CompatibilityScore[] Scores, long CalculatedAt);
}
