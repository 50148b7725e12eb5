using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// Measures how long sources have reported nothing, neither operation nor sample. Time in which the portal did not run is no silence: a source that has not reported since the portal started
/// has no value until the portal has been running for longer than the rule's threshold. A source that has been silent for long is taken as gone. Not thread-safe.
/// </summary>
internal sealed class SilenceSignal(StatisticsReader statistics, LastReports reports, SubjectPool subjects)
{
    /// <summary>How far back stored reports are looked for when the portal starts.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(14);

    private static readonly TimeSpan Gone = TimeSpan.FromDays(3);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private bool _isLearned;

    /// <summary>Learns once when sources last reported by what is stored.</summary>
    public async ValueTask LearnAsync(IResourceReader resources, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_isLearned)
        {
            return;
        }

        var range = new TimeRange(at - History, at);
        var answer = await statistics.ReadAsync(
            new(range, SeriesFilter.Everyone, StatisticsGrouping.Source, BucketGrid.Over(range, int.MaxValue, Hour), WithFacts: false), cancellationToken).ConfigureAwait(false);
        reports.Learn(answer.Groups.Where(group => group.Value.Finished > 0).Select(group => KeyValuePair.Create(group.Key.Source!, Earlier(answer.Grid!.Start(group.Key.Step + 1), at))));
        var latest = await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
        reports.Learn(latest.Where(sample => sample.SampledAt >= range.From).Select(sample => KeyValuePair.Create(sample.Source, Earlier(sample.SampledAt, at))));
        _isLearned = true;
    }

    /// <summary>Returns the values of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="at">The end of the minute.</param>
    /// <param name="lag">How long ago that was.</param>
    public IReadOnlyList<SubjectValue> Measure(AlertRule rule, DateTimeOffset at, TimeSpan lag)
    {
        if (rule.Scope.Source is { } only)
        {
            return [new(subjects.Of(only), SecondsOf(rule, only, at, lag) ?? (reports.StoredOf(only) is null ? Unheard(rule) : null))];
        }

        double gone = Math.Max(Gone.TotalSeconds, 2 * rule.Threshold);
        var values = reports.Sources.Select(source => new SubjectValue(subjects.Of(source), SecondsOf(rule, source, at, lag))).Where(value => value.Value is not { } silent || silent < gone).ToList();
        return rule.Per == AlertPer.Source ? values : [new(AlertSubject.Everything, values.Min(value => value.Value))];
    }

    private double? SecondsOf(AlertRule rule, string source, DateTimeOffset at, TimeSpan lag) =>
        reports.Since(source) is { } since
            ? Math.Max(0, (since - lag).TotalSeconds)
            : reports.StoredOf(source) is { } stored && Unheard(rule) is { } heard ? Math.Max(heard, (at - stored).TotalSeconds) : null;

    /// <summary>The time for which the portal could have heard a source, once it is longer than the threshold.</summary>
    private double? Unheard(AlertRule rule) => reports.Uptime.TotalSeconds is var heard && heard > rule.Threshold ? heard : null;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
