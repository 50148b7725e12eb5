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

    private const int Reported = 24;
    private const int Dropped = 7 * SeriesWatch.PerDay;

    private readonly Dictionary<string, (HostWatch Watch, long Last)> _hosts = [];
    private readonly Dictionary<(MetricType Type, string Name), NameWatch> _names = [];
    private int _turn;

    /// <summary>Feeds every host and name with the steps from the first up to, not including, the end; those without series were not measured.</summary>
    /// <param name="first">The first step, counted from year 1.</param>
    /// <param name="end">The step after the last one.</param>
    /// <param name="hosts">The series of each host.</param>
    /// <param name="names">The series of the names.</param>
    public void Add(long first, long end, IReadOnlyDictionary<string, IReadOnlyList<ResourceSeries>> hosts, IReadOnlyList<OperationSeries> names)
    {
        foreach (var (source, metrics) in hosts)
        {
            if (metrics.Count > 0 && (_hosts.ContainsKey(source) || _hosts.Count < MaxHosts))
            {
                _hosts[source] = (_hosts.TryGetValue(source, out var known) ? known.Watch : new(source, _turn++), end);
            }
        }

        foreach (var (source, host) in _hosts)
        {
            var metrics = hosts.GetValueOrDefault(source) ?? [];
            int offset = metrics.Count == 0 ? 0 : Offset(metrics[0].Start, first);
            for (long step = first; step < end; step++)
            {
                host.Watch.Add(step, metrics, offset + (int)(step - first));
            }
        }

        AddNames(first, end, names);
        foreach (string source in _hosts.Where(pair => end - pair.Value.Last > Dropped).Select(pair => pair.Key).ToList())
        {
            _hosts.Remove(source);
        }

        foreach (var key in _names.Where(pair => end - pair.Value.LastMeasured > Dropped).Select(pair => pair.Key).ToList())
        {
            _names.Remove(key);
        }
    }

    /// <summary>Returns every problem that lasts, and those that ended in the last two hours.</summary>
    /// <param name="end">The step after the last one that was added.</param>
    /// <param name="thresholds">The thresholds.</param>
    public IReadOnlyList<FindingObservation> Observe(long end, PerformanceThresholds thresholds) =>
    [
        .. _hosts.Values.Select(host => HostAnomaly.Observe(host.Watch, end - Reported, thresholds)).OfType<FindingObservation>(),
        .. _names.Values.Select(name => name.Observe(end - Reported)).OfType<FindingObservation>(),
    ];

    private static int Offset(DateTimeOffset start, long first) => (int)(first - (start.UtcTicks / SeriesWatch.Step.Ticks));

    private void AddNames(long first, long end, IReadOnlyList<OperationSeries> names)
    {
        var series = names.ToDictionary(name => (name.MetricType, name.Name));
        foreach (var (key, name) in series)
        {
            if (_names.Count < MaxNames && !_names.ContainsKey(key) && name.Points.Any(point => point.Finished >= NameWatch.FewestOperations))
            {
                _names.Add(key, new(key.MetricType, key.Name, _turn++));
            }
        }

        foreach (var (key, watch) in _names)
        {
            var points = series.GetValueOrDefault(key);
            int offset = points is null ? 0 : Offset(points.Start, first);
            for (long step = first; step < end; step++)
            {
                int index = offset + (int)(step - first);
                watch.Add(step, points is not null && index >= 0 && index < points.Points.Count ? points.Points[index] : OperationPoint.None);
            }
        }
    }
}
