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

        try
        {
            var reads = Prepare(latest, longest, cells, end);
            foreach (var group in reads.GroupBy(read => read.From, read => read.Host))
            {
                await resources.ReadResourceRollupsAsync(
                    [.. group], RollupResolution.Minute, group.Key, end, (host, minute, rollup) => _hosts[host].Set(minute, rollup), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            // Minutes that could not be read are read from the beginning the next time.
            _hosts.Clear();
            throw;
        }
    }

    /// <summary>Returns the sum of a metric of a host over the window that ends at the minute of the update; zero seconds without data.</summary>
    public (double Seconds, double Integral) Sum(string host, ResourceMetric metric, int minutes) =>
        _hosts.TryGetValue(host, out var ring) ? ring.Cells[metric].Sum(_end - minutes, _end) : default;

    /// <summary>Empties the minutes that have to be read, and returns from where on; a host without new or late samples is not read.</summary>
    private List<(string Host, long From)> Prepare(IReadOnlyCollection<ResourceSample> latest, int longest, int cells, long end)
    {
        var reads = new List<(string, long)>(latest.Count);
        foreach (var sample in latest)
        {
            long newest = RollupBuckets.Of(RollupResolution.Minute, sample.SampledAt);
            if (!_hosts.TryGetValue(sample.Source, out var ring))
            {
                if (newest < end - longest)
                {
                    continue;
                }

                if ((long)(_hosts.Count + 1) * cells > MaxCells)
                {
                    LeftOut++;
                    continue;
                }

                _hosts.Add(sample.Source, ring = new(_lengths, end - longest));
            }

            long changed = reports.TakeChanged(sample.Source);
            long from = Math.Max(end - longest, Math.Min(changed, ring.End));
            ring.Clear(from, end);
            if (newest >= ring.End || changed < ring.End)
            {
                reads.Add((sample.Source, from));
            }

            ring.End = end;
        }

        return reads;
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
