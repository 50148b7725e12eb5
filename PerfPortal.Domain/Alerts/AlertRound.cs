using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts;

/// <summary>
/// One evaluation of all rules as a pure function: takes what was measured and what is known, and returns every alert as it is afterwards together with what must be stored and told.
/// </summary>
internal sealed class AlertRound
{
    private readonly Dictionary<(string Rule, string Subject), Alert> _before;
    private readonly IReadOnlyDictionary<(string Rule, string Subject), Alert> _resolved;
    private readonly IReadOnlyList<Silence> _silences;
    private readonly IReadOnlyList<AlertReceiver> _receivers;
    private readonly DateTimeOffset _at;
    private readonly DateTimeOffset _now;
    private readonly HashSet<(string Rule, string Subject)> _stepped = [];
    private readonly List<Alert> _changed = [];
    private readonly List<string> _removed = [];
    private readonly List<AlertEvent> _events = [];
    private readonly List<OutboxEntry> _outbox = [];
    private int _count;

    /// <summary>Prepares a round.</summary>
    /// <param name="current">The alerts that are pending, firing or without data.</param>
    /// <param name="resolved">The alerts that resolved lately, the latest of each rule and subject.</param>
    /// <param name="silences">The silences.</param>
    /// <param name="receivers">The receivers.</param>
    /// <param name="at">The end of what was measured, UTC: alerts begin and end by it.</param>
    /// <param name="now">The time at which people are told, UTC: silences mute by it. It is later than <paramref name="at"/>, so a silence may have begun in between.</param>
    public AlertRound(
        IEnumerable<Alert> current, IReadOnlyDictionary<(string Rule, string Subject), Alert> resolved, IReadOnlyList<Silence> silences,
        IReadOnlyList<AlertReceiver> receivers, DateTimeOffset at, DateTimeOffset now)
    {
        _before = current.ToDictionary(alert => alert.Key);
        _resolved = resolved;
        _silences = silences;
        _receivers = receivers;
        _at = at;
        _now = now;
        _count = _before.Count;
    }

    /// <summary>The maximum number of alerts at a time; subjects that would be more are not followed.</summary>
    public const int MaxAlerts = 10_000;

    /// <summary>The number of subjects that were not followed, because there were <see cref="MaxAlerts"/> alerts already.</summary>
    public int Dropped { get; private set; }

    /// <summary>What must be stored.</summary>
    public AlertCommit ToCommit() => new() { Alerts = _changed, RemovedIds = _removed, Events = _events, Outbox = _outbox };

    /// <summary>Applies silences that were added or removed since the last round.</summary>
    public void Mute()
    {
        foreach (var alert in _before.Values.Where(alert => MuteOf(alert)?.Id != alert.MutedBy))
        {
            Finish(alert, alert, null);
        }
    }

    /// <summary>Evaluates what was measured.</summary>
    /// <param name="observations">One observation of every enabled rule.</param>
    /// <param name="removedSources">The sources that were removed since the last round; their alerts end.</param>
    public void Evaluate(IReadOnlyList<RuleObservation> observations, IReadOnlyCollection<string> removedSources)
    {
        foreach (var removed in _before.Values.Where(alert => removedSources.Contains(alert.Subject.Source)).ToList())
        {
            End(removed, "The source was removed.");
            _before.Remove(removed.Key);
        }

        var byRule = _before.Values.ToLookup(alert => alert.RuleId);
        var evaluated = new HashSet<string>();
        foreach (var (rule, values, isAbsentOver) in observations)
        {
            evaluated.Add(rule.Id);
            foreach (var measured in values)
            {
                Step(rule, measured.Subject, measured.IsOver ? CalmOf(rule, measured.Subject) : measured.Value, measured.Problem, measured.IsOver);
            }

            var known = byRule[rule.Id].ToList();
            var seen = known.Count == 0 ? [] : values.Select(measured => measured.Subject).ToHashSet();
            foreach (var absent in known.Where(alert => !seen.Contains(alert.Subject)))
            {
                if (IsInScope(rule.Scope, absent.Subject))
                {
                    Step(rule, absent.Subject, isAbsentOver ? CalmOf(rule, absent.Subject) : null, null, isOver: isAbsentOver);
                }
                else
                {
                    End(absent, "The rule no longer covers it.");
                }
            }
        }

        foreach (var orphan in _before.Values.Where(alert => !evaluated.Contains(alert.RuleId)))
        {
            End(orphan, "The rule was removed or switched off.");
        }
    }

    /// <summary>A value that is not beyond the threshold: one at it.</summary>
    private static double CalmOf(AlertRule rule, AlertSubject subject)
    {
        var applied = rule.AppliedTo(subject);
        return applied.RecoveryThreshold ?? applied.Threshold;
    }

    private void Step(AlertRule rule, AlertSubject subject, double? value, SubjectProblem? problem, bool isOver = false)
    {
        rule = rule.AppliedTo(subject);
        var key = (rule.Id, subject.Key);
        if (!_before.TryGetValue(key, out var known) && !(value is { } number && rule.IsBeyond(number)))
        {
            // What does not begin leaves no trace.
            return;
        }

        if (!_stepped.Add(key))
        {
            return;
        }

        var status = known?.Status ?? (_resolved.TryGetValue(key, out var last) ? last.Status : AlertStatus.Inactive);
        var (next, transition) = AlertMachine.Step(rule, status, value, _at);
        if (isOver)
        {
            // What is over has no value; the one above was only needed to say that.
            next = next with { Value = null };
        }

        if (known is null)
        {
            if (transition is null)
            {
                return;
            }

            if (_count >= MaxAlerts)
            {
                Dropped++;
                return;
            }

            _count++;
        }
        else if (next.State == AlertState.Inactive)
        {
            Remove(known);
            return;
        }

        // An alert keeps what its rule said when it began to fire.
        var alert = transition is { From: AlertState.Inactive or AlertState.Pending } ? Describe(rule, subject, next, known, problem) : known! with { Status = next };
        Finish(problem is null ? alert : alert with { Problem = problem.Sentence, Unit = problem.Unit }, known, transition);
    }

    private Alert Describe(AlertRule rule, AlertSubject subject, AlertStatus status, Alert? known, SubjectProblem? problem)
    {
        rule = rule.UsesFindingSeverity && problem?.Severity is { } severity ? rule with { Severity = severity } : rule;
        return new()
        {
            Id = known?.Id ?? Alert.IdOf(rule.Id, subject, _at),
            RuleId = rule.Id,
            RuleName = rule.Name,
            Subject = subject,
            Severity = rule.Severity,
            Labels = AlertLabels.Of(rule, subject),
            Signal = rule.Signal,
            Comparison = rule.Comparison,
            Threshold = rule.Threshold,
            Note = rule.Note,
            Status = status,
        };
    }

    private void End(Alert alert, string reason)
    {
        if (alert.State == AlertState.Pending)
        {
            Remove(alert);
            return;
        }

        Finish(
            alert with { Status = alert.Status with { State = AlertState.Resolved, ResolvedAt = _at }, EndReason = reason }, alert,
            new(alert.State, AlertState.Resolved, _at, reason));
    }

    private void Remove(Alert alert)
    {
        _removed.Add(alert.Id);
        _count--;
    }

    private void Finish(Alert alert, Alert? before, AlertTransition? transition)
    {
        var mute = MuteOf(alert);
        string? mutedBy = alert.State == AlertState.Resolved ? alert.MutedBy : mute?.Id;
        if (transition is not null)
        {
            _events.Add(new(alert.Id, _at, AlertEventKind.State, alert.State, transition.Reason));
        }

        bool isMuteChanged = mutedBy != before?.MutedBy && alert.State.IsActive();
        if (isMuteChanged && (mutedBy is null || before?.MutedBy is null))
        {
            _events.Add(mute is null
                ? new(alert.Id, _now, AlertEventKind.Unmuted, alert.State, "It is no longer muted.")
                : new(alert.Id, _now, AlertEventKind.Muted, alert.State, string.IsNullOrWhiteSpace(mute.Note) ? "Muted." : $"Muted: {mute.Note}", mute.CreatedBy));
        }

        alert = alert with { MutedBy = mutedBy };
        bool begins = transition is { To: AlertState.Firing, From: AlertState.Pending or AlertState.Inactive } || (isMuteChanged && mutedBy is null && !alert.IsAnnounced && alert.Acknowledged is null);
        if (alert.State.IsActive() && mutedBy is null && begins)
        {
            alert = alert with { IsAnnounced = true };
            Tell(alert, isResolved: false);
        }
        else if (transition?.To == AlertState.Resolved && alert.IsAnnounced)
        {
            // Whoever was told that it fires is told that it is over, muted or not.
            Tell(alert, isResolved: true);
        }

        _changed.Add(alert);
    }

    private void Tell(Alert alert, bool isResolved) =>
        _outbox.AddRange(_receivers.Where(receiver => receiver.Receives(alert.Severity, alert.Labels)).Select(receiver => new OutboxEntry(0, receiver.Id, alert.Id, _at, isResolved)));

    private Silence? MuteOf(Alert alert) => _silences.FirstOrDefault(silence => silence.IsActive(_now) && silence.Matches(alert.Labels));

    private static bool IsInScope(AlertScope scope, AlertSubject subject) =>
        (scope.Source is null || subject.Source is null || subject.Source == scope.Source)
        && (scope.MetricType is null || subject.MetricType is null || subject.MetricType == scope.MetricType)
        && (scope.Name is null || subject.Name is null || subject.Name == scope.Name);
}
