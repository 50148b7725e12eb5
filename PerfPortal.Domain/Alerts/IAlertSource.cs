using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts;

/// <summary>What the engine evaluates: the rules, what they measure, and why an alert fires. Exceptions propagate.</summary>
public interface IAlertSource
{
    /// <summary>Returns all rules.</summary>
    ValueTask<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken);

    /// <summary>Measures rules as of the end of a minute; one observation per rule.</summary>
    Task<IReadOnlyList<RuleObservation>> MeasureAsync(IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Explains an alert that begins to fire.</summary>
    Task<AlertExplanation> ExplainAsync(Alert alert, AlertRule rule, CancellationToken cancellationToken);
}
