using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>
/// Silence of sources in the past: the time since the end of the last minute with an ended operation or a sample. Heartbeats of operations that were in progress are no longer known, and
/// neither is when the portal was down.
/// </summary>
internal sealed class PastSilence(AlertRule rule, StatisticsReader statistics, IResourceReader resources) : IPastSignal
{
    private static readonly TimeSpan Gone = TimeSpan.FromDays(3);
    private static readonly long Before = (long)TimeSpan.FromDays(1).TotalMinutes;

    private readonly Dictionary<string, HashSet<long>> _reports = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _last = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _hosts;

    public TimeSpan Resolution => TimeSpan.FromMinutes(1);

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken)
    {
        bool isFirst = _hosts is null;
        long first = isFirst ? from - Before : from;
        _reports.Clear();
        var range = new TimeRange(RollupBuckets.Start(RollupResolution.Minute, first), RollupBuckets.Start(RollupResolution.Minute, to));
        var grid = BucketGrid.Over(range, int.MaxValue, StatisticsReader.FinestStep);
        var answer = await statistics.ReadAsync(
            new(range, new() { Source = rule.Scope.Source }, StatisticsGrouping.Source, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        foreach (var (group, figures) in answer.Groups)
        {
            if (figures.Finished > 0)
            {
                Add(group.Source!, RollupBuckets.Of(RollupResolution.Minute, answer.Grid!.Start(group.Step)));
            }
        }

        _hosts ??= [.. (await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false)).Select(sample => sample.Source)];
        foreach (string host in _hosts.Where(host => rule.Scope.Source is null || rule.Scope.Source == host))
        {
            await resources.ReadResourceRollupsAsync(host, RollupResolution.Minute, first, to, (minute, _) => Add(host, minute), cancellationToken).ConfigureAwait(false);
        }

        if (isFirst)
        {
            foreach (var (source, minutes) in _reports)
            {
                if (minutes.Where(minute => minute < from).DefaultIfEmpty(long.MinValue).Max() is > long.MinValue and var last)
                {
                    _last[source] = last;
                }
            }
        }
    }

    public RuleObservation Observe(long minute)
    {
        foreach (var (source, minutes) in _reports)
        {
            if (minutes.Contains(minute - 1))
            {
                _last[source] = minute - 1;
            }
        }

        double gone = Math.Max(Gone.TotalSeconds, 2 * rule.Threshold);
        var values = _last.Select(pair => new SubjectValue(new(pair.Key), (minute - pair.Value - 1) * 60.0)).Where(value => rule.Scope.Source is not null || value.Value < gone).ToList();
        return new(rule, rule.Per == AlertPer.Source || rule.Scope.Source is not null ? values : [new(AlertSubject.Everything, values.Min(value => value.Value))], false);
    }

    private void Add(string source, long minute)
    {
        if (!_reports.TryGetValue(source, out var minutes))
        {
            _reports.Add(source, minutes = []);
        }

        minutes.Add(minute);
    }
}
