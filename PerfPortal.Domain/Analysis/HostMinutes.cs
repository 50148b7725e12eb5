using System.Runtime.InteropServices;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Caches the minutes of hosts, so that the next analysis reads only those that may have changed. A sample that arrives later than
/// <see cref="Settled"/> becomes visible when the cache entry expires, after <see cref="Trust"/> at the latest. Caches at most <see cref="MaxHosts"/> hosts,
/// each with the minutes of one window (1.5 MB for a day with every metric). Thread-safe.
/// </summary>
internal sealed class HostMinutes(IResourceReader resources, TimeProvider time)
{
    /// <summary>The maximum number of cached hosts.</summary>
    public const int MaxHosts = 16;

    /// <summary>The age after which a minute rarely changes.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>The lifetime of a cache entry.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);

    private const int RoomForNew = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Held> _hosts = new(StringComparer.Ordinal);

    /// <summary>Returns the measured minutes of a host that start within [from, to], oldest first.</summary>
    public async Task<IReadOnlyList<ResourceMinute>> ReadAsync(string source, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        long first = RollupBuckets.Of(RollupResolution.Minute, from);
        long last = RollupBuckets.Of(RollupResolution.Minute, to);
        var known = Find(source, first);
        var minutes = new List<ResourceMinute>((known?.Minutes.Count ?? 0) + RoomForNew);
        if (known is not null)
        {
            int begin = known.IndexOf(first);
            int end = Math.Max(begin, known.IndexOf(Math.Min(known.SettledTo, last + 1)));
            minutes.AddRange(CollectionsMarshal.AsSpan(known.Minutes)[begin..end]);
        }

        await resources.ReadResourceRollupsAsync(
            source, RollupResolution.Minute, known is null ? first : Math.Max(first, known.SettledTo), last + 1,
            (bucket, figures) => minutes.Add(new(RollupBuckets.Start(RollupResolution.Minute, bucket), figures)),
            cancellationToken).ConfigureAwait(false);
        Hold(source, new(minutes, first, RollupBuckets.Of(RollupResolution.Minute, to - Settled), known?.Read ?? time.GetTimestamp()));
        return minutes;
    }

    /// <summary>Forgets a host.</summary>
    public void Forget(string source)
    {
        lock (_lock)
        {
            _hosts.Remove(source);
        }
    }

    private Held? Find(string source, long first)
    {
        lock (_lock)
        {
            return _hosts.TryGetValue(source, out var held) && held.From <= first && time.GetElapsedTime(held.Read) < Trust ? held : null;
        }
    }

    private void Hold(string source, Held held)
    {
        lock (_lock)
        {
            if (_hosts.Count >= MaxHosts && !_hosts.ContainsKey(source))
            {
                _hosts.Remove(_hosts.MinBy(host => host.Value.Read).Key);
            }

            _hosts[source] = held;
        }
    }

    /// <param name="Minutes">The minutes.</param>
    /// <param name="From">The first requested minute.</param>
    /// <param name="SettledTo">Minutes before this one are not read again.</param>
    /// <param name="Read">The timestamp at which the oldest minute was read.</param>
    private sealed record Held(List<ResourceMinute> Minutes, long From, long SettledTo, long Read)
    {
        /// <summary>Returns the index of the first cached minute that is not before the given one.</summary>
        public int IndexOf(long minute)
        {
            var time = RollupBuckets.Start(RollupResolution.Minute, minute);
            int low = 0;
            for (int high = Minutes.Count; low < high;)
            {
                int middle = (low + high) / 2;
                (low, high) = Minutes[middle].Time < time ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
