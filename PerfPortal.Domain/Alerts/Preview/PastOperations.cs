using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>A signal about ended operations in the past, from minute rollups.</summary>
internal sealed class PastOperations(AlertRule rule, StatisticsReader statistics) : IPastSignal
{
    private const int MinutesOfDay = 24 * 60;

    private readonly int _window = (int)rule.Window.TotalMinutes;
    private readonly Dictionary<AlertSubject, SlidingFigures> _subjects = [];
    private readonly Dictionary<long, List<(AlertSubject Subject, StatisticsBuilder Figures)>> _minutes = [];
    private bool _isBegun;

    public TimeSpan Resolution => TimeSpan.FromMinutes(1);

    private bool HasKnown => rule.Signal.Kind == AlertSignalKind.Throughput && rule.Per != AlertPer.All;

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken)
    {
        long first = _isBegun ? from : from - (HasKnown ? Math.Max(_window, MinutesOfDay) : _window);
        var filter = new SeriesFilter { Source = rule.Scope.Source, MetricType = rule.Scope.MetricType, Name = rule.Scope.Name };
        var grouping = rule.Per switch
        {
            AlertPer.Source => StatisticsGrouping.Source,
            AlertPer.MetricType => StatisticsGrouping.MetricType,
            AlertPer.Name => StatisticsGrouping.MetricType | StatisticsGrouping.Name,
            _ => StatisticsGrouping.None,
        };
        var range = new TimeRange(RollupBuckets.Start(RollupResolution.Minute, first), RollupBuckets.Start(RollupResolution.Minute, to));
        var grid = BucketGrid.Over(range, int.MaxValue, StatisticsReader.FinestStep);
        var answer = await statistics.ReadAsync(new(range, filter, grouping, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        _minutes.Clear();
        foreach (var (group, figures) in answer.Groups)
        {
            long minute = RollupBuckets.Of(RollupResolution.Minute, answer.Grid!.Start(group.Step));
            var subject = new AlertSubject(group.Source ?? rule.Scope.Source, group.MetricType ?? rule.Scope.MetricType, group.Name ?? rule.Scope.Name);
            if (!_minutes.TryGetValue(minute, out var at))
            {
                _minutes.Add(minute, at = []);
            }

            at.Add((subject, figures));
        }

        if (!_isBegun)
        {
            for (long minute = first; minute < from; minute++)
            {
                Take(minute);
            }
        }

        _isBegun = true;
    }

    public RuleObservation Observe(long minute)
    {
        Take(minute - 1);
        foreach (var (subject, figures) in _subjects)
        {
            figures.RemoveBefore(minute - _window);
            if (figures.IsEmpty && rule.Per != AlertPer.All && !(HasKnown && figures.Last >= minute - MinutesOfDay))
            {
                _subjects.Remove(subject);
            }
        }

        var known = HasKnown ? _subjects.Where(pair => pair.Value.IsEmpty).Select(pair => pair.Key) : [];
        return OperationSignals.Observe(
            rule, _subjects.Where(pair => rule.Per == AlertPer.All || !pair.Value.IsEmpty).Select(pair => (pair.Key, (IWindowFigures)pair.Value)), known, isComplete: true);
    }

    private void Take(long minute)
    {
        if (rule.Per == AlertPer.All && _subjects.Count == 0)
        {
            _subjects.Add(new(rule.Scope.Source, rule.Scope.MetricType, rule.Scope.Name), NewFigures());
        }

        if (!_minutes.TryGetValue(minute, out var at))
        {
            return;
        }

        foreach (var (subject, figures) in at)
        {
            if (!_subjects.TryGetValue(subject, out var sliding))
            {
                _subjects.Add(subject, sliding = NewFigures());
            }

            sliding.Add(minute, figures);
        }
    }

    private SlidingFigures NewFigures() => new(rule.Signal.Kind == AlertSignalKind.Duration);
}
