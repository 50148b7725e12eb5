using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>Relates findings, as incidents that are known to have happened, to rules that could have told them.</summary>
internal static class KnownIncident
{
    /// <summary>Whether a finding is about what a rule measures.</summary>
    public static bool IsOf(AlertRule rule, Finding finding)
    {
        if (rule.Signal.Kind == AlertSignalKind.Finding)
        {
            return FindingSignals.IsAbout(rule, finding);
        }

        var subject = finding.Latest.Subject;
        return IsMeasured(rule.Signal, finding.Latest)
            && IsIn(rule.Scope.Source, subject.Source) && IsIn(rule.Scope.Name, subject.Name) && (rule.Scope.MetricType is null || subject.MetricType is null || rule.Scope.MetricType == subject.MetricType);
    }

    /// <summary>Whether a finding says that what a rule measures is not as it should be: an incident, or a forecast that is open, because what grows towards its limit is not calm.</summary>
    public static bool Disturbs(AlertRule rule, Finding finding) =>
        IsOf(rule, finding)
        || (finding is { State: FindingState.Open, Latest.Kind: FindingKind.Forecast } && rule.Signal is { Kind: AlertSignalKind.Resource, Metric: { } metric }
            && finding.Latest.Subject.Measure == metric.Info().WireName && IsIn(rule.Scope.Source, finding.Latest.Subject.Source));

    /// <summary>
    /// Whether an alert says that what a rule measures is not as it should be: one about the same signal that fires, or that somebody took on. One that resolved and that nobody took on may
    /// have been a false alarm, which a suggestion is there to avoid.
    /// </summary>
    public static bool Disturbs(AlertRule rule, Alert alert) =>
        (alert.State.IsActive() || (alert.State == AlertState.Resolved && alert.Acknowledged is not null))
        && alert.Signal.Kind == rule.Signal.Kind && alert.Signal.Metric == rule.Signal.Metric && alert.Signal.FindingKind == rule.Signal.FindingKind
        && IsIn(rule.Scope.Source, alert.Subject.Source) && IsIn(rule.Scope.Name, alert.Subject.Name);

    /// <summary>Whether an incident lies within a range, at least in part.</summary>
    public static bool Overlaps(Finding finding, TimeRange range) => finding.Latest.Since < range.To && (finding.Until ?? DateTimeOffset.MaxValue) > range.From;

    /// <summary>Whether a rule fired about the subject of an incident while it lasted.</summary>
    public static bool IsCaught(Finding finding, PreviewFiring firing)
    {
        var subject = finding.Latest.Subject;
        return firing.From < (finding.Until ?? DateTimeOffset.MaxValue) && (firing.To ?? DateTimeOffset.MaxValue) > finding.Latest.SinceLow
            && IsIn(firing.Subject.Source, subject.Source) && IsIn(firing.Subject.Name, subject.Name)
            && (firing.Subject.FindingId is null || firing.Subject.FindingId == finding.Id);
    }

    private static bool IsMeasured(AlertSignal signal, FindingObservation finding) => signal.Kind switch
    {
        // A forecast is about the future, not about a limit that was passed.
        AlertSignalKind.Resource => finding.Kind != FindingKind.Forecast && finding.Subject.Measure == signal.Metric!.Value.Info().WireName,
        AlertSignalKind.FailureRate => finding.Kind == FindingKind.RecurringFailure || finding.Subject.Measure == FindingMeasures.FailureRate,
        AlertSignalKind.Duration => finding.Subject.Measure == FindingMeasures.Duration,
        AlertSignalKind.Throughput => finding.Subject.Measure == FindingMeasures.Throughput,
        AlertSignalKind.NoData => finding.Kind == FindingKind.Silence,
        _ => false,
    };

    private static bool IsIn(string? scope, string? subject) => scope is null || subject is null || scope == subject;
}
