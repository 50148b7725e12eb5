using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>Measures how long the oldest operation in progress of each subject has been running.</summary>
internal static class RunningSignal
{
    /// <summary>Returns the values of a rule. Only operations beyond its recovery threshold are looked at: every other one is as good as none.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="running">The operations in progress, the longest running first.</param>
    /// <param name="at">The time.</param>
    public static IReadOnlyList<SubjectValue> Measure(AlertRule rule, IReadOnlyList<Operation> running, DateTimeOffset at)
    {
        var values = new Dictionary<AlertSubject, double>();
        double least = Least(rule);
        foreach (var operation in running)
        {
            double seconds = operation.RunningFor(at).TotalSeconds;
            if (seconds <= least)
            {
                break;
            }

            if (IsInScope(rule.Scope, operation) && SubjectOf(rule, operation) is var subject && rule.AppliedTo(subject).IsBeyondRecovery(seconds))
            {
                values.TryAdd(subject, seconds);
            }
        }

        return [.. values.Select(value => new SubjectValue(value.Key, value.Value))];
    }

    /// <summary>The shortest time that can keep an alert of the rule firing.</summary>
    public static double Least(AlertRule rule)
    {
        double threshold = Math.Min(rule.RecoveryThreshold ?? rule.Threshold, rule.Threshold);
        return rule.OwnThresholds is not { } own || rule.Threshold <= 0
            ? threshold
            : threshold / rule.Threshold * MetricTypes.All.Select(type => own.ByType[type]).Concat(own.ByName.Values).Min();
    }

    /// <summary>Whether an operation is in a scope.</summary>
    public static bool IsInScope(AlertScope scope, Operation operation) =>
        new SeriesFilter { Source = scope.Source, MetricType = scope.MetricType, Name = scope.Name }.Matches(new(operation.MetricType, operation.Source, operation.Name));

    /// <summary>The subject of a rule that an operation belongs to.</summary>
    public static AlertSubject SubjectOf(AlertRule rule, Operation operation) => rule.Per switch
    {
        AlertPer.Source => new(operation.Source, rule.Scope.MetricType, rule.Scope.Name),
        AlertPer.MetricType => new(rule.Scope.Source, operation.MetricType, rule.Scope.Name),
        AlertPer.Name => new(rule.Scope.Source, operation.MetricType, operation.Name),
        _ => new(rule.Scope.Source, rule.Scope.MetricType, rule.Scope.Name),
    };
}
