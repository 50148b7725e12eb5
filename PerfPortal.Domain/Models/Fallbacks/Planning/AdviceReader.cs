using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>
/// Asks the adviser in the background and keeps its answers until they expire. A fallback waits for the first answer about its group, and not
/// for long: an adviser that is slow or fails costs nothing but its advice. Thread-safe; bounded.
/// </summary>
internal sealed class AdviceReader(IAdviser? adviser, string? source, TimeProvider time, TimeSpan patience, int maxGroups, ILogger logger)
{
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Returns the advice for a group: fresh, or the last one while a new one is fetched, or none.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<GroupAdvice> GetAsync(string group, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (adviser is null)
        {
            return GroupAdvice.None;
        }

        Task asking;
        lock (_lock)
        {
            var entry = Find(group);
            if ((entry.Asking is null or { IsCompleted: true }) && (entry.Advice is null || time.GetElapsedTime(entry.AskedAt) >= entry.Age))
            {
                entry.Asking = AskAsync(group, entry);
            }

            if (entry.Advice is { } kept)
            {
                return kept;
            }

            asking = entry.Asking!;
        }

        try
        {
            await asking.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The answer comes too late for this fallback; the next one has it.
        }

        lock (_lock)
        {
            return Find(group).Advice ?? GroupAdvice.None;
        }
    }

    private Entry Find(string group)
    {
        if (!_entries.TryGetValue(group, out var entry))
        {
            if (_entries.Count >= maxGroups)
            {
                _entries.Remove(_entries.MinBy(kept => kept.Value.AskedAt).Key);
            }

            _entries.Add(group, entry = new() { AskedAt = time.GetTimestamp() });
        }

        return entry;
    }

    private async Task AskAsync(string group, Entry entry)
    {
        GroupAdvice? answer = null;
        var age = MinAge;
        try
        {
            using var limit = new CancellationTokenSource(GiveUpAfter, time);
            var question = new AdviceQuestion(AdviceTopic.Fallback, source, group);

            // On a thread of the pool, because an adviser can also block.
            var items = await Task.Run(() => adviser!.AdviseAsync(question, limit.Token).AsTask(), limit.Token).WaitAsync(GiveUpAfter, time).ConfigureAwait(false);
            answer = GroupAdvice.Of(items);
            if (items.Count > 0)
            {
                age = TimeSpan.FromTicks(Math.Clamp((items.Min(item => item.ExpiresAt) - time.GetUtcNow()).Ticks, MinAge.Ticks, MaxAge.Ticks));
            }
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "There is no advice for the fallback group {Group}; the defaults are used.", group);
        }

        lock (_lock)
        {
            entry.Advice = answer ?? entry.Advice ?? GroupAdvice.None;
            entry.AskedAt = time.GetTimestamp();
            entry.Age = age;
        }
    }

    private sealed class Entry
    {
        public GroupAdvice? Advice { get; set; }

        public long AskedAt { get; set; }

        public TimeSpan Age { get; set; }

        public Task? Asking { get; set; }
    }
}
