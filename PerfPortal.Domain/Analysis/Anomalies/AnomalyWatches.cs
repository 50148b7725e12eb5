using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>All watched hosts and names, fed with series. At most <see cref="MaxNames"/> names and <see cref="MaxHosts"/> hosts; those unmeasured for a week are dropped. Not thread-safe.</summary>
internal sealed class AnomalyWatches
{
    /// <summary>The maximum number of names; one takes about 60 KiB.</summary>
    public const int MaxNames = 400;

    /// <summary>The maximum number of hosts; one takes at most half a megabyte.</summary>
    public const int MaxHosts = 64;

    /// <summary>The number of steps without measurements after which a host or name is dropped.</summary>
    public const int Dropped = 7 * SeriesWatch.PerDay;

    private const int Reported = 24;

    private readonly Dictionary<string, Fed<HostWatch>> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<(MetricType Type, string Name), Fed<NameWatch>> _names = [];
    private int _turn;

    /// <summary>The watched hosts.</summary>
    public IReadOnlyCollection<string> Hosts => _hosts.Keys;

    /// <summary>Whether any name is watched.</summary>
    public bool HasNames => _names.Count > 0;

    /// <summary>Whether there are names to learn: ones that have enough operations and are not watched, though there is room.</summary>
    public bool LacksNames { get; private set; }

    /// <summary>Returns those of the hosts that are not watched and for which there is room.</summary>
    public IEnumerable<string> Unknown(IEnumerable<string> hosts) => hosts.Where(host => !_hosts.ContainsKey(host)).Take(MaxHosts - _hosts.Count);

    /// <summary>Stops watching a host.</summary>
    public void Forget(string host) => _hosts.Remove(host);

    /// <summary>Stops watching a name.</summary>
    public void Forget((MetricType Type, string Name) name)
    {
        _names.Remove(name);
        LacksNames |= _names.Count < MaxNames;
    }

    /// <summary>Feeds hosts and names with the steps from the first up to, not including, the end; those without series were not measured. What a watch knows is not added again.</summary>
    /// <param name="first">The first step, counted from year 1.</param>
    /// <param name="end">The step after the last one.</param>
    /// <param name="hosts">The series of each host.</param>
    /// <param name="names">The series of the names.</param>
    /// <param name="admits">Whether those that are not watched yet shall be.</param>
    /// <param name="ended">Receives the problems that end within the steps.</param>
    public void Add(
        long first, long end, IReadOnlyDictionary<string, IReadOnlyList<ResourceSeries>> hosts, IReadOnlyList<OperationSeries> names, bool admits, EndedAnomalies ended)
    {
        AddHosts(first, end, hosts, admits, ended);
        AddNames(first, end, names, admits, ended);
        Drop(_hosts, end);
        Drop(_names, end);
    }

    /// <summary>Returns every problem that lasts, and those that ended in the last two hours.</summary>
    /// <param name="end">The step after the last one that was added.</param>
    /// <param name="thresholds">The thresholds.</param>
    public IReadOnlyList<FindingObservation> Observe(long end, PerformanceThresholds thresholds) =>
    [
        .. _hosts.Values.Select(host => HostAnomaly.Observe(host.Watch, end - Reported, thresholds)).OfType<FindingObservation>(),
        .. _names.Values.Select(name => name.Watch.Observe(end - Reported)).OfType<FindingObservation>(),
    ];

    private static int Offset(DateTimeOffset start, long first) => (int)(first - (start.UtcTicks / SeriesWatch.Step.Ticks));

    private static void Drop<TKey, TWatch>(Dictionary<TKey, Fed<TWatch>> watches, long end)
        where TKey : notnull
    {
        foreach (var key in watches.Where(pair => end - pair.Value.Measured > Dropped).Select(pair => pair.Key).ToList())
        {
            watches.Remove(key);
        }
    }

    private void AddHosts(long first, long end, IReadOnlyDictionary<string, IReadOnlyList<ResourceSeries>> hosts, bool admits, EndedAnomalies ended)
    {
        foreach (var (source, metrics) in hosts)
        {
            if (admits && metrics.Count > 0 && _hosts.Count < MaxHosts && !_hosts.ContainsKey(source))
            {
                _hosts.Add(source, new(new(source, _turn++), first));
            }
        }

        foreach (var (source, host) in _hosts)
        {
            var metrics = hosts.GetValueOrDefault(source) ?? [];
            int offset = metrics.Count == 0 ? 0 : Offset(metrics[0].Start, first);
            host.Measured = metrics.Count > 0 && host.Next < end ? end : host.Measured;
            for (; host.Next < end; host.Next++)
            {
                bool was = host.Watch.IsUnusual;
                host.Watch.Add(host.Next, metrics, offset + (int)(host.Next - first));
                if (was && !host.Watch.IsUnusual)
                {
                    ended.Add(host.Watch);
                }
            }
        }
    }

    private void AddNames(long first, long end, IReadOnlyList<OperationSeries> names, bool admits, EndedAnomalies ended)
    {
        var series = names.ToDictionary(name => (name.MetricType, name.Name));
        LacksNames &= !admits || names.Count == 0;
        foreach (var key in series.Where(pair => !_names.ContainsKey(pair.Key) && IsWatchable(pair.Value)).Select(pair => pair.Key))
        {
            if (_names.Count >= MaxNames)
            {
                break;
            }

            if (admits)
            {
                _names.Add(key, new(new(key.MetricType, key.Name, _turn++), first));
            }

            LacksNames = !admits;
        }

        foreach (var (key, name) in _names)
        {
            var points = series.GetValueOrDefault(key);
            int offset = points is null ? 0 : Offset(points.Start, first);
            for (; name.Next < end; name.Next++)
            {
                int index = offset + (int)(name.Next - first);
                bool was = name.Watch.IsUnusual;
                name.Watch.Add(name.Next, points is not null && index >= 0 && index < points.Points.Count ? points.Points[index] : OperationPoint.None);
                if (was && !name.Watch.IsUnusual)
                {
                    ended.Add(name.Watch);
                }
            }

            name.Measured = Math.Max(name.Measured, name.Watch.LastMeasured);
        }
    }

    private static bool IsWatchable(OperationSeries name) => name.Points.Any(point => point.Finished >= NameWatch.FewestOperations);

    /// <summary>A watch, and what it was fed with.</summary>
    private sealed class Fed<TWatch>(TWatch watch, long first)
    {
        public TWatch Watch => watch;

        /// <summary>The next step to add.</summary>
        public long Next { get; set; } = first;

        /// <summary>The last step that was measured.</summary>
        public long Measured { get; set; } = first;
    }
}
