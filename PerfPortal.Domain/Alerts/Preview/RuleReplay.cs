using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>A time in which a rule would have fired.</summary>
/// <param name="Subject">What it would have been about.</param>
/// <param name="From">When it would have begun to fire, UTC.</param>
/// <param name="To">When it would have resolved; <see langword="null"/> when it still fires at the end of the range.</param>
/// <param name="Peak">The value furthest beyond the threshold.</param>
/// <param name="IsFlapping">Whether it went on and off.</param>
public sealed record PreviewFiring(AlertSubject Subject, DateTimeOffset From, DateTimeOffset? To, double? Peak, bool IsFlapping);

/// <summary>
/// Replays a rule with the state machine that runs live. Follows at most <see cref="MaxFirings"/> times of firing in detail and counts all. Not thread-safe.
/// </summary>
internal sealed class RuleReplay(AlertRule rule)
{
    /// <summary>The maximum number of times that are kept.</summary>
    public const int MaxFirings = 1000;

    private readonly Dictionary<AlertSubject, AlertStatus> _statuses = [];
    private readonly List<PreviewFiring> _firings = [];
    private readonly HashSet<AlertSubject> _seen = [];

    /// <summary>How often it fired.</summary>
    public int Count { get; private set; }

    /// <summary>How often it fired while it was going on and off.</summary>
    public int Flaps { get; private set; }

    /// <summary>The minutes in which it fired for any subject.</summary>
    public int Minutes { get; private set; }

    /// <summary>The longest time for which it fired for one subject.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Takes every transition, for tests.</summary>
    public Action<AlertSubject, AlertTransition>? Transition { get; set; }

    /// <summary>Takes what was measured at a minute.</summary>
    public void Step(DateTimeOffset at, RuleObservation observation)
    {
        bool wasActive = _statuses.Values.Any(status => status.State.IsActive());
        Minutes += wasActive ? 1 : 0;
        _seen.Clear();
        foreach (var measured in observation.Values)
        {
            if (_seen.Add(measured.Subject))
            {
                Step(at, measured.Subject, measured.Value);
            }
        }

        foreach (var (subject, status) in _statuses)
        {
            if (!_seen.Contains(subject) && status.State is not (AlertState.Inactive or AlertState.Resolved))
            {
                var applied = rule.AppliedTo(subject);
                Step(at, subject, observation.IsAbsentOver ? applied.RecoveryThreshold ?? applied.Threshold : null);
            }
        }
    }

    /// <summary>Returns the times of firing, the oldest first, with those that last at the end.</summary>
    public IReadOnlyList<PreviewFiring> ToFirings(DateTimeOffset end)
    {
        var lasting = _statuses.Where(pair => pair.Value.State.IsActive()).Select(pair => Of(pair.Key, pair.Value, null)).ToList();
        foreach (var firing in lasting)
        {
            Longest = end - firing.From > Longest ? end - firing.From : Longest;
        }

        return [.. _firings.Concat(lasting).OrderBy(firing => firing.From).ThenBy(firing => firing.Subject.Key, StringComparer.Ordinal).Take(MaxFirings)];
    }

    private void Step(DateTimeOffset at, AlertSubject subject, double? value)
    {
        var applied = rule.AppliedTo(subject);
        bool isKnown = _statuses.TryGetValue(subject, out var status);
        if (!isKnown && (value is not { } number || !applied.IsBeyond(number)))
        {
            return;
        }

        var (next, transition) = AlertMachine.Step(applied, status ?? AlertStatus.Inactive, value, at);
        _statuses[subject] = next;
        if (transition is null)
        {
            if (next.State == AlertState.Inactive && next.Firings.Count == 0)
            {
                _statuses.Remove(subject);
            }

            return;
        }

        Transition?.Invoke(subject, transition);
        if (transition is { To: AlertState.Firing, From: not AlertState.NoData })
        {
            Count++;
            Flaps += next.IsFlapping ? 1 : 0;
        }
        else if (transition.To == AlertState.Resolved)
        {
            var firing = Of(subject, next, at);
            Longest = at - firing.From > Longest ? at - firing.From : Longest;
            if (_firings.Count < MaxFirings)
            {
                _firings.Add(firing);
            }
        }
    }

    private static PreviewFiring Of(AlertSubject subject, AlertStatus status, DateTimeOffset? to) => new(subject, status.FiringSince!.Value, to, status.Peak, status.IsFlapping);
}
