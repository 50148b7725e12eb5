using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The values of rules about findings, as a pure function.</summary>
internal static class FindingSignals
{
    private const double SecondsPerHour = 3600;

    /// <summary>Returns the values of findings that are open at a time, each a subject of its own.</summary>
    public static IEnumerable<SubjectValue> Measure(AlertRule rule, IEnumerable<Finding> open) =>
        open.Where(finding => IsAbout(rule, finding)).Select(finding => new SubjectValue(SubjectOf(finding), ValueOf(finding.Latest), Problem: ProblemOf(finding.Latest)));

    /// <summary>Returns what findings say whose end the data show.</summary>
    public static IEnumerable<SubjectValue> Over(AlertRule rule, IEnumerable<Finding> ended) =>
        ended.Where(finding => IsAbout(rule, finding)).Select(finding => new SubjectValue(SubjectOf(finding), null, IsOver: true));

    /// <summary>Whether a rule is about a finding.</summary>
    public static bool IsAbout(AlertRule rule, Finding finding)
    {
        var latest = finding.Latest;
        var scope = rule.Scope;
        return (rule.Signal.FindingKind is null || rule.Signal.FindingKind == latest.Kind)
            && (rule.Signal.MinSeverity is not { } severity || latest.Severity >= severity)
            && (scope.Source is null || scope.Source == latest.Subject.Source)
            && (scope.MetricType is null || scope.MetricType == latest.Subject.MetricType)
            && (scope.Name is null || scope.Name == latest.Subject.Name);
    }

    /// <summary>The magnitude of a finding; for a forecast the hours until the limit is reached, so that "below 24" means full within a day.</summary>
    public static double ValueOf(FindingObservation observation) =>
        observation.Kind == FindingKind.Forecast ? observation.Size / SecondsPerHour : Math.Abs(observation.Size);

    private static SubjectProblem ProblemOf(FindingObservation observation) => new(
        observation.Sentence, observation.Kind == FindingKind.Forecast ? "h" : observation.Unit, observation.Severity == Severity.Critical ? AlertSeverity.Critical : AlertSeverity.Warning);

    private static AlertSubject SubjectOf(Finding finding)
    {
        var subject = finding.Latest.Subject;
        return new(subject.Source, subject.MetricType, subject.Name, finding.Id);
    }
}
