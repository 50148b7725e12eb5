using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts;

/// <summary>What the running portal evaluates: the rules of the book on what was reported.</summary>
public sealed class PortalAlertSource(AlertRuleBook rules, SignalReader signals, SignalHistory history, AlertExplainer explainer) : IAlertSource
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken) => (await rules.ReadAsync(cancellationToken).ConfigureAwait(false)).Rules;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RuleObservation>> MeasureAsync(IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken) =>
        signals.ReadAsync(rules, at, cancellationToken);

    /// <inheritdoc/>
    public async Task<AlertExplanation> ExplainAsync(Alert alert, AlertRule rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var now = alert.Status.FiringSince ?? DateTimeOffset.MinValue;
        string subject = alert.Subject.Key;
        var points = new List<AlertPoint>(AlertExplanation.MaxPoints);

        // Past scores are recomputed for every point, which is too expensive for an hour of them.
        if (alert.Signal.Kind is not AlertSignalKind.Score)
        {
            await history.ReadAsync(
                rule, new(now.AddMinutes(1 - AlertExplanation.MaxPoints), now),
                (at, observed) =>
                {
                    if (points.Count < AlertExplanation.MaxPoints)
                    {
                        points.Add(new(at, ValueOf(observed, subject)));
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        return await explainer.ExplainAsync(alert, rule, points, cancellationToken).ConfigureAwait(false);
    }

    private static double? ValueOf(RuleObservation observed, string subject)
    {
        foreach (var measured in observed.Values)
        {
            if (measured.Subject.Key == subject)
            {
                return measured.Value;
            }
        }

        return null;
    }
}
