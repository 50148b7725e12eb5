using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// Limits the subjects of a rule to <see cref="Max"/>: those beyond their threshold come first, then those that were at the last evaluation, so that an alert can resolve. Remembers only
/// rules that have too many. Not thread-safe.
/// </summary>
internal sealed class SubjectLimit
{
    /// <summary>The maximum number of subjects of a rule.</summary>
    public const int Max = 500;

    private Dictionary<string, HashSet<AlertSubject>> _before = [];
    private Dictionary<string, HashSet<AlertSubject>> _now = [];

    /// <summary>The rules that had more subjects at this evaluation, with the number that was left out.</summary>
    public Dictionary<string, int> LeftOut { get; } = [];

    /// <summary>Begins an evaluation.</summary>
    public void Begin()
    {
        (_before, _now) = (_now, []);
        LeftOut.Clear();
    }

    /// <summary>Cuts an observation.</summary>
    public RuleObservation Cut(RuleObservation observation)
    {
        if (observation.Values.Count <= Max)
        {
            return observation;
        }

        var rule = observation.Rule;
        var before = _before.GetValueOrDefault(rule.Id, []);
        var kept = observation.Values.OrderByDescending(value => IsBeyond(rule, value)).ThenByDescending(value => before.Contains(value.Subject))
            .ThenBy(value => value.Subject.Key, StringComparer.Ordinal).Take(Max).ToList();
        _now[rule.Id] = [.. kept.Where(value => IsBeyond(rule, value)).Select(value => value.Subject)];
        LeftOut[rule.Id] = observation.Values.Count - Max;
        return observation with { Values = kept };
    }

    private static bool IsBeyond(AlertRule rule, SubjectValue value) => value.Value is { } number && rule.AppliedTo(value.Subject).IsBeyondRecovery(number);
}
