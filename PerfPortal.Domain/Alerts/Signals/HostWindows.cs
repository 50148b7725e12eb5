using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// The last minutes of every host in rings: a minute is read once, and again only when a sample for it arrives late. Holds the metrics that rules use, each for its longest window, at most
/// <see cref="MaxCells"/> minutes of metrics (16 bytes each); hosts beyond that are left out and counted. Not thread-safe.
/// </summary>
internal sealed class HostWindows(IResourceReader resources, LastReports reports)
{
    /// <summary>The maximum number of minutes of metrics of all hosts: 64 MB.</summary>
    public const int MaxCells = 4_000_000;

    private readonly Dictionary<string, Ring> _hosts = new(StringComparer.Ordinal);
    private Dictionary<ResourceMetric, int> _lengths = [];
    private long _end = long.MinValue;

    /// <summary>The number of hosts that the last update left out for want of room.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Brings the rings up to a minute.</summary>
    /// <param name="latest">The newest sample of each host that is looked at.</param>
    /// <param name="lengths">The longest window of each metric, minutes.</param>
    /// <param name="end">The end minute, exclusive.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task UpdateAsync(IReadOnlyCollection<ResourceSample> latest, IReadOnlyDictionary<ResourceMetric, int> lengths, long end, CancellationToken cancellationToken)
    {
        LeftOut = 0;
        if (end < _end || lengths.Any(needed => _lengths.GetValueOrDefault(needed.Key) < needed.Value) || _lengths.Keys.Any(metric => !lengths.ContainsKey(metric)))
        {
            _hosts.Clear();
            _lengths = new(lengths);
        }

        _end = end;
        int longest = _lengths.Values.DefaultIfEmpty().Max();
        int cells = _lengths.Values.Sum();
        foreach (string gone in _hosts.Keys.Except(latest.Select(sample => sample.Source)).ToList())
        {
            _hosts.Remove(gone);
        }

        foreach (var sample in latest)
        {
            if (!_hosts.TryGetValue(sample.Source, out var ring))
            {
                if (RollupBuckets.Of(RollupResolution.Minute, sample.SampledAt) < end - longest)
                {
                    continue;
                }

                if ((long)(_hosts.Count + 1) * cells > MaxCells)
                {
                    LeftOut++;
                    continue;
                }

                ring = new(_lengths, end - longest);
            }

            // A host whose minutes could not be read is read from the beginning the next time.
            _hosts.Remove(sample.Source);
            await ReadAsync(sample, ring, longest, end, cancellationToken).ConfigureAwait(false);
            _hosts.Add(sample.Source, ring);
        }
    }

    /// <summary>Returns the sum of a metric of a host over the window that ends at the minute of the update; zero seconds without data.</summary>
    public (double Seconds, double Integral) Sum(string host, ResourceMetric metric, int minutes) =>
        _hosts.TryGetValue(host, out var ring) ? ring.Cells[metric].Sum(_end - minutes, _end) : default;

    private async ValueTask ReadAsync(ResourceSample latest, Ring ring, int longest, long end, CancellationToken cancellationToken)
    {
        long changed = reports.TakeChanged(latest.Source);
        bool isNewer = RollupBuckets.Of(RollupResolution.Minute, latest.SampledAt) >= ring.End;
        long from = Math.Max(end - longest, Math.Min(changed, ring.End));
        ring.Clear(from, end);
        if (isNewer || changed < ring.End)
        {
            await resources.ReadResourceRollupsAsync(latest.Source, RollupResolution.Minute, from, end, ring.Set, cancellationToken).ConfigureAwait(false);
        }

        ring.End = end;
    }

    private sealed class Ring(IReadOnlyDictionary<ResourceMetric, int> lengths, long end)
    {
        public Dictionary<ResourceMetric, ResourceCells> Cells { get; } = lengths.ToDictionary(pair => pair.Key, pair => new ResourceCells(pair.Value));

        /// <summary>The minute from which nothing has been read.</summary>
        public long End { get; set; } = end;

        private long _to = end;

        public void Clear(long from, long to)
        {
            _to = to;
            foreach (var cells in Cells.Values)
            {
                for (long minute = Math.Max(from, to - cells.Minutes); minute < to; minute++)
                {
                    cells.Clear(minute);
                }
            }
        }

        public void Set(long minute, ResourceRollup rollup)
        {
            foreach (var (metric, cells) in Cells)
            {
                // A minute that is older than a ring would overwrite a newer one.
                if (minute >= _to - cells.Minutes && minute < _to)
                {
                    cells.Set(minute, rollup[metric]);
                }
            }
        }
    }
}
