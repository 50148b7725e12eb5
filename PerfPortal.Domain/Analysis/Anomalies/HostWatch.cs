using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics.Anomalies;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>The watched metrics of a host. What is unusual at the same time is one problem, led by the metric that was unusual first; of those, by the first in <see cref="WatchedMetric.All"/>. Not thread-safe.</summary>
/// <param name="source">The host.</param>
/// <param name="turn">As in <see cref="SeriesWatch"/>.</param>
internal sealed class HostWatch(string source, int turn)
{
    // A quarter of an hour.
    private const int Sustained = 3;
    private const int NewestRows = 7 * SeriesWatch.PerDay;
    private readonly SeriesWatch?[] _watches = new SeriesWatch?[WatchedMetric.All.Count];
    private readonly double[] _row = new double[WatchedMetric.All.Count];
    private JointDetector? _joint;

    /// <summary>The host.</summary>
    public string Source => source;

    /// <summary>The index in <see cref="WatchedMetric.All"/> of the metric that leads; <see langword="null"/> when the host was never unusual.</summary>
    public int? Lead { get; private set; }

    /// <summary>The step from which on episodes belong to the problem.</summary>
    public long From { get; private set; }

    /// <summary>Whether a metric is unusual.</summary>
    public bool IsUnusual => Array.Exists(_watches, watch => watch is { IsUnusual: true });

    /// <summary>The part of each metric in how unusual the host is, 0–1, by the newest step of the problem.</summary>
    public IReadOnlyList<double> Shares { get; private set; } = [];

    /// <summary>The newest episode of a metric that belongs to the problem, or <see langword="null"/>.</summary>
    public Episode? EpisodeOf(int metric) =>
        Lead is not null && _watches[metric]?.Latest is { } episode && (episode.Until is not { } until || until > From) ? episode : null;

    /// <summary>Adds the next step.</summary>
    /// <param name="step">Its number, one more than before.</param>
    /// <param name="metrics">The series of the host.</param>
    /// <param name="index">The index of the step in the series.</param>
    public void Add(long step, IReadOnlyList<ResourceSeries> metrics, int index)
    {
        Array.Fill(_row, double.NaN);
        foreach (var metric in metrics)
        {
            if (IndexOf(metric.Metric) is { } known && index >= 0 && index < metric.Values.Count)
            {
                _row[known] = metric.Values[index];
            }
        }

        bool before = IsUnusual;
        for (int i = 0; i < _row.Length; i++)
        {
            if (_watches[i] is null && double.IsFinite(_row[i]))
            {
                var watched = WatchedMetric.All[i];
                _watches[i] = new(usual => Math.Max(watched.Least, watched.LeastRatio * usual), watched.Floor, Sustained, turn + i);
            }

            _watches[i]?.Add(step, _row[i]);
        }

        if (IsUnusual)
        {
            Explain(isNew: !before);
        }
    }

    private static int? IndexOf(ResourceMetric metric)
    {
        for (int i = 0; i < WatchedMetric.All.Count; i++)
        {
            if (WatchedMetric.All[i].Metric == metric)
            {
                return i;
            }
        }

        return null;
    }

    private void Explain(bool isNew)
    {
        if (isNew)
        {
            Lead = Enumerable.Range(0, _watches.Length).Where(i => _watches[i] is { IsUnusual: true }).OrderBy(i => _watches[i]!.Latest!.Since).ThenBy(i => i).First();
            From = _watches[Lead.Value]!.Latest!.Since;
            _joint = Learn();
        }

        Shares = _joint?.Add(_row).Shares ?? [];
    }

    /// <summary>Learns what is usual from the steps in which every measured metric was.</summary>
    private JointDetector? Learn()
    {
        var measured = _watches.OfType<SeriesWatch>().ToList();
        int length = Math.Min(NewestRows, measured.Min(watch => watch.Past.Length));
        var rows = new List<double[]>();
        for (int age = length - 1; age >= 0; age--)
        {
            double[] row = [.. _watches.Select(watch => watch is not null && watch.WasUsual(age) ? watch.Past[age] : double.NaN)];
            if (row.Count(double.IsFinite) == measured.Count)
            {
                rows.Add(row);
            }
        }

        return rows.Count < JointDetector.FewestRows ? null : new(rows, [.. WatchedMetric.All.Select(watched => watched.Least)]);
    }
}
