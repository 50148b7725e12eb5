using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The values of signals about ended operations, as pure functions: live evaluation and the replay of history share them.</summary>
internal static class OperationSignals
{
    /// <summary>Whether a kind is about ended operations.</summary>
    public static bool IsAbout(AlertSignalKind kind) => kind is AlertSignalKind.FailureRate or AlertSignalKind.Duration or AlertSignalKind.Throughput or AlertSignalKind.Abandoned;

    /// <summary>Returns what a rule measures in a window.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="window">The figures of every subject with operations in the window; with <see cref="AlertPer.All"/> always of one.</param>
    /// <param name="known">The subjects with operations in the last day, for throughput, which is 0 and not missing for those without any in the window.</param>
    /// <param name="isComplete">Whether the portal was running for the whole window: otherwise throughput is unknown.</param>
    public static RuleObservation Observe(
        AlertRule rule, IEnumerable<(AlertSubject Subject, IWindowFigures Figures)> window, IEnumerable<AlertSubject> known, bool isComplete)
    {
        var values = window.Select(part => Measure(rule, part.Subject, part.Figures, isComplete)).ToList();
        if (rule.Signal.Kind == AlertSignalKind.Throughput && rule.Per != AlertPer.All)
        {
            var measured = values.Select(value => value.Subject).ToHashSet();
            values.AddRange(known.Where(subject => !measured.Contains(subject)).Select(subject => new SubjectValue(subject, isComplete ? 0 : null)));
        }

        return new(rule, values, rule.Signal.Kind == AlertSignalKind.Abandoned);
    }

    /// <summary>Returns the value of one subject.</summary>
    public static SubjectValue Measure(AlertRule rule, AlertSubject subject, IWindowFigures figures, bool isComplete) => rule.Signal.Kind switch
    {
        AlertSignalKind.FailureRate => new(subject, IsEnough(rule, figures) ? (double)figures.Failed / figures.Finished : null, figures.Finished),
        AlertSignalKind.Duration => new(subject, IsEnough(rule, figures) ? figures.Quantile(rule.Signal.Quantile!.Value) : null, figures.Finished),
        AlertSignalKind.Throughput => new(subject, isComplete ? figures.Finished / rule.Window.TotalHours : null, figures.Finished),
        AlertSignalKind.Abandoned => new(subject, figures.Abandoned, figures.Finished),
        _ => throw new ArgumentException($"A rule on {rule.Signal.Kind} is not about ended operations.", nameof(rule)),
    };

    private static bool IsEnough(AlertRule rule, IWindowFigures figures) => figures.Finished >= Math.Max(1, rule.MinOperations);
}
