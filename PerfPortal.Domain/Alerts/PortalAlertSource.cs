using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts;

/// <summary>What the running portal evaluates: the rules of the book on what was reported.</summary>
public sealed class PortalAlertSource(AlertRuleBook rules, SignalReader signals, AlertExplainer explainer) : IAlertSource
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken) => (await rules.ReadAsync(cancellationToken).ConfigureAwait(false)).Rules;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RuleObservation>> MeasureAsync(IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken) =>
        signals.ReadAsync(rules, at, cancellationToken);

    /// <inheritdoc/>
    public Task<AlertExplanation> ExplainAsync(Alert alert, AlertRule rule, CancellationToken cancellationToken) =>
        explainer.ExplainAsync(alert, rule, [], cancellationToken);
}
