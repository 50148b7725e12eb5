using System.Runtime.InteropServices;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// The minutes of hosts as they were read last, so that the next analysis reads only those that may have changed. A report of a sample that comes later than
/// <see cref="Settled"/> is seen when the minutes are read anew, after <see cref="Trust"/> at the latest. At most <see cref="MaxHosts"/> hosts are remembered,
/// each with the minutes of one window (1.5 MB for a day with every metric). Safe for use by many at once.
/// </summary>
internal sealed class HostMinutes(IResourceReader resources, TimeProvider time)
{
    /// <summary>How many hosts are remembered.</summary>
    public const int MaxHosts = 16;

    /// <summary>A minute that lies further back changes seldom.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>How long what was read is trusted.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromMinutes(10);

    private const int RoomForNew = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Held> _hosts = new(StringComparer.Ordinal);

    /// <summary>The measured minutes of a host that begin within [from, to], oldest first.</summary>
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
    /// <param name="From">The first that was asked for.</param>
    /// <param name="SettledTo">Those before it are not read again.</param>
    /// <param name="Read">When the oldest of them was read, a timestamp.</param>
    private sealed record Held(List<ResourceMinute> Minutes, long From, long SettledTo, long Read)
    {
        /// <summary>The index of the first that is not before a minute.</summary>
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
