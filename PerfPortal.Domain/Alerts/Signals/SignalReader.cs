using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// Measures rules as of the end of a minute. What several rules need is read once: the minutes of hosts are kept in rings (<see cref="HostWindows"/>), the figures of operations in sums that
/// stay the same from minute to minute (<see cref="OperationWindows"/>), so that the cost does not grow with history. Thread-safe; one evaluation at a time.
/// </summary>
/// <remarks>
/// Bounded: 64 MB of minutes of hosts, <see cref="SubjectLimit.Max"/> subjects per rule, and while it runs one set of figures per distinct window. The portal's own operations are left out
/// unless the scope of a rule names them.
/// </remarks>
public sealed class SignalReader : IDisposable
{
    /// <summary>The time after the start of the portal in which a finding that is not seen yet may still be there.</summary>
    public static readonly TimeSpan Warming = TimeSpan.FromMinutes(15);

    /// <summary>The maximum number of scores of single sources; rules on further ones have no value.</summary>
    public const int MaxScores = 20;

    private readonly IResourceReader _resources;
    private readonly ActiveOperations _active;
    private readonly FindingLedger _findings;
    private readonly LastReports _reports;
    private readonly TimeProvider _time;
    private readonly IScoreSource? _scores;
    private readonly IPortalHealth? _health;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HostWindows _hosts;
    private readonly SubjectPool _subjects;
    private readonly OperationWindows _operations;
    private readonly SilenceSignal _silence;
    private readonly SubjectLimit _limit = new();
    private readonly HashSet<string> _logged = [];

    /// <summary>Creates a reader that has read nothing yet.</summary>
    public SignalReader(
        StatisticsReader statistics, IResourceReader resources, ActiveOperations active, FindingLedger findings, LastReports reports, TimeProvider time,
        IScoreSource? scores = null, IPortalHealth? health = null, ILogger<SignalReader>? logger = null)
    {
        (_resources, _active, _findings, _reports, _time, _scores, _health) = (resources, active, findings, reports, time, scores, health);
        _logger = logger ?? NullLogger<SignalReader>.Instance;
        _subjects = new();
        _hosts = new(resources, reports);
        _operations = new(statistics, _subjects);
        _silence = new(statistics, reports, _subjects);
    }

    /// <summary>Measures rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="at">The end of a whole minute, UTC.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>One observation per rule, in their order.</returns>
    public async Task<IReadOnlyList<RuleObservation>> ReadAsync(IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var minute = new Minute(at);
            await PrepareAsync(rules, minute, cancellationToken).ConfigureAwait(false);
            _limit.Begin();
            var observations = new List<RuleObservation>(rules.Count);
            foreach (var rule in rules)
            {
                observations.Add(_limit.Cut(await ObserveAsync(rule, minute, cancellationToken).ConfigureAwait(false)));
            }

            LogLeftOut(rules);
            return observations;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Reads what the kinds of rules that there are need.</summary>
    private async Task PrepareAsync(IReadOnlyList<AlertRule> rules, Minute minute, CancellationToken cancellationToken)
    {
        var kinds = rules.Select(rule => rule.Signal.Kind).ToHashSet();
        if (kinds.Contains(AlertSignalKind.Resource))
        {
            await PrepareHostsAsync([.. rules.Where(rule => rule.Signal.Kind == AlertSignalKind.Resource)], minute, cancellationToken).ConfigureAwait(false);
        }

        if (kinds.Contains(AlertSignalKind.NoData))
        {
            await _silence.LearnAsync(_resources, minute.At, cancellationToken).ConfigureAwait(false);
        }

        if (kinds.Contains(AlertSignalKind.RunningFor))
        {
            minute.Running = [.. _active.List().Select(entry => entry.Current)];
        }

        if (kinds.Contains(AlertSignalKind.Finding))
        {
            var all = await _findings.ListAsync(cancellationToken).ConfigureAwait(false);
            minute.Findings = all.Where(finding => finding.State == FindingState.Open).ToLookup(finding => finding.Latest.Kind);
            minute.Ended = all.Where(finding => finding is { State: FindingState.Closed, Latest.Until: not null }).ToLookup(finding => finding.Latest.Kind);
        }

        if (kinds.Contains(AlertSignalKind.Portal) && _health is not null)
        {
            minute.Parts = await _health.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PrepareHostsAsync(List<AlertRule> rules, Minute minute, CancellationToken cancellationToken)
    {
        var latest = await _resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
        bool isAll = rules.Exists(rule => rule.Scope.Source is null);
        var named = rules.Select(rule => rule.Scope.Source).ToHashSet();
        var looked = latest.Where(sample => isAll || named.Contains(sample.Source)).OrderBy(sample => sample.Source, StringComparer.Ordinal).ToList();
        var lengths = rules.GroupBy(rule => rule.Signal.Metric!.Value).ToDictionary(group => group.Key, group => group.Max(MinutesOf));
        await _hosts.UpdateAsync(looked, lengths, RollupBuckets.Of(RollupResolution.Minute, minute.At), cancellationToken).ConfigureAwait(false);
        minute.Hosts = [.. looked.Select(sample => sample.Source)];
    }

    private async ValueTask<RuleObservation> ObserveAsync(AlertRule rule, Minute minute, CancellationToken cancellationToken) => rule.Signal.Kind switch
    {
        AlertSignalKind.Resource => new(rule, Resources(rule, minute), false),
        AlertSignalKind.RunningFor => new(rule, RunningSignal.Measure(rule, minute.Running, minute.At), true),
        AlertSignalKind.NoData => new(rule, _silence.Measure(rule, minute.At, _time.GetUtcNow() - minute.At), false),
        AlertSignalKind.Score => new(rule, [new(_subjects.Of(rule.Scope.Source), await ScoreAsync(rule.Scope.Source, minute, cancellationToken).ConfigureAwait(false))], false),

        // A detector needs a while after the start before it sees what lasts; until then only what it saw end is over.
        AlertSignalKind.Finding when _reports.Uptime < Warming =>
            new(rule, [.. FindingSignals.Measure(rule, FindingsOf(rule, minute.Findings)), .. FindingSignals.Over(rule, FindingsOf(rule, minute.Ended))], false),
        AlertSignalKind.Finding => new(rule, [.. FindingSignals.Measure(rule, FindingsOf(rule, minute.Findings))], true),
        AlertSignalKind.Portal => new(rule, [.. minute.Parts.Select(part => new SubjectValue(new(Part: part.Name), part.HasProblem ? 1 : 0, Problem: part is { HasProblem: true, Problem: { } problem } ? new(problem) : null))], false),
        _ => await OperationsAsync(rule, minute, cancellationToken).ConfigureAwait(false),
    };

    private IReadOnlyList<SubjectValue> Resources(AlertRule rule, Minute minute)
    {
        var hosts = rule.Scope.Source is { } only ? [only] : minute.Hosts;
        int minutes = MinutesOf(rule);
        if (!minute.Resources.TryGetValue((rule.Signal.Metric!.Value, minutes, rule.Scope.Source, rule.Per), out var values))
        {
            values = ResourceSignal.Measure(rule, hosts, host => _hosts.Sum(host, rule.Signal.Metric.Value, minutes), _subjects);
            minute.Resources.Add((rule.Signal.Metric.Value, minutes, rule.Scope.Source, rule.Per), values);
        }

        return values;
    }

    private static IEnumerable<Finding> FindingsOf(AlertRule rule, ILookup<FindingKind, Finding> findings) =>
        rule.Signal.FindingKind is { } kind ? findings[kind] : findings.SelectMany(group => group);

    private async Task<RuleObservation> OperationsAsync(AlertRule rule, Minute minute, CancellationToken cancellationToken)
    {
        var window = await WindowAsync(rule, rule.Window, minute, cancellationToken).ConfigureAwait(false);
        bool isThroughput = rule.Signal.Kind == AlertSignalKind.Throughput;
        var known = isThroughput && rule.Per != AlertPer.All
            ? (await WindowAsync(rule, TimeSpan.FromDays(1), minute, cancellationToken).ConfigureAwait(false)).Divide(rule.Scope, rule.Per).Select(part => part.Subject)
            : [];
        return OperationSignals.Observe(rule, window.Divide(rule.Scope, rule.Per), known, !isThroughput || _reports.Uptime >= rule.Window);
    }

    private async ValueTask<OperationWindow> WindowAsync(AlertRule rule, TimeSpan length, Minute minute, CancellationToken cancellationToken)
    {
        string? own = rule.Scope.Source == PortalSource.Name ? PortalSource.Name : null;
        bool bySource = rule.Scope.Source is not null || rule.Per == AlertPer.Source;
        if (!minute.Windows.TryGetValue((length, bySource, own is not null), out var window))
        {
            window = await _operations.ReadAsync(minute.At, length, bySource, own, cancellationToken).ConfigureAwait(false);
            minute.Windows.Add((length, bySource, own is not null), window);
        }

        return window;
    }

    private async ValueTask<double?> ScoreAsync(string? source, Minute minute, CancellationToken cancellationToken)
    {
        if (_scores is null || (!minute.Scores.ContainsKey(source ?? "") && minute.Scores.Count > MaxScores))
        {
            return null;
        }

        if (!minute.Scores.TryGetValue(source ?? "", out double? score))
        {
            score = await _scores.ReadAsync(source, null, cancellationToken).ConfigureAwait(false);
            minute.Scores.Add(source ?? "", score);
        }

        return score;
    }

    private void LogLeftOut(IReadOnlyList<AlertRule> rules)
    {
        foreach (var rule in rules.Where(rule => _limit.LeftOut.ContainsKey(rule.Id) && _logged.Add(rule.Id)))
        {
            _logger.LogWarning(
                "The alert rule {Rule} has more than {Max} subjects; {Left} of them are not followed. Narrow its scope.", rule.Name, SubjectLimit.Max, _limit.LeftOut[rule.Id]);
        }

        _logged.RemoveWhere(id => id.Length > 0 && !_limit.LeftOut.ContainsKey(id));
        if (_hosts.LeftOut == 0)
        {
            _logged.Remove("");
        }
        else if (_logged.Add(""))
        {
            _logger.LogWarning("Alert rules do not follow {Hosts} hosts, because the windows of all rules together are too long. Shorten the windows.", _hosts.LeftOut);
        }
    }

    private static int MinutesOf(AlertRule rule) => (int)rule.Window.TotalMinutes;

    /// <summary>What was read for one evaluation.</summary>
    private sealed class Minute(DateTimeOffset at)
    {
        public DateTimeOffset At { get; } = at;

        public IReadOnlyList<string> Hosts { get; set; } = [];

        public IReadOnlyList<Operation> Running { get; set; } = [];

        public ILookup<FindingKind, Finding> Findings { get; set; } = Array.Empty<Finding>().ToLookup(finding => finding.Latest.Kind);

        public ILookup<FindingKind, Finding> Ended { get; set; } = Array.Empty<Finding>().ToLookup(finding => finding.Latest.Kind);

        public IReadOnlyList<PortalPart> Parts { get; set; } = [];

        public Dictionary<(TimeSpan Length, bool BySource, bool IsPortal), OperationWindow> Windows { get; } = [];

        public Dictionary<(ResourceMetric Metric, int Minutes, string? Source, AlertPer Per), IReadOnlyList<SubjectValue>> Resources { get; } = [];

        public Dictionary<string, double?> Scores { get; } = [];
    }
}
