using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>What a rule would have done.</summary>
/// <param name="Firings">The times in which it would have fired, the oldest first; at most <see cref="RuleReplay.MaxFirings"/>.</param>
/// <param name="Count">How often it would have fired.</param>
/// <param name="MinutesFiring">The minutes in which it would have fired for any subject.</param>
/// <param name="Longest">The longest time for which it would have fired for one subject.</param>
/// <param name="Flaps">How often it would have fired while it was going on and off.</param>
/// <param name="Caught">The known incidents of its kind during which it would have fired.</param>
/// <param name="Missed">The known incidents of its kind during which it would not.</param>
public sealed record RuleEffect(
    IReadOnlyList<PreviewFiring> Firings, int Count, int MinutesFiring, TimeSpan Longest, int Flaps, IReadOnlyList<Finding> Caught, IReadOnlyList<Finding> Missed);

/// <summary>What a proposed rule would have done, beside the present one.</summary>
/// <param name="History">The part of the past that was looked at.</param>
/// <param name="Effect">What the proposed rule would have done.</param>
/// <param name="Present">What the present rule would have done; <see langword="null"/> without one.</param>
/// <param name="Suggestion">A threshold that the same history suggests.</param>
public sealed record PreviewResult(HistoryAnswer History, RuleEffect Effect, RuleEffect? Present, SuggestedThreshold Suggestion);

/// <summary>Replays rules over stored history, without storing or telling anything.</summary>
public sealed class AlertPreview(SignalHistory history, FindingLedger findings, IAlertStore alerts)
{
    private const int MaxAlerts = 1_000;

    /// <summary>Replays a proposed rule and, to compare, the present one.</summary>
    /// <param name="proposed">The proposed rule; it must be valid.</param>
    /// <param name="present">The rule that it would replace, if any.</param>
    /// <param name="range">The range, at most <see cref="SignalHistory.MaxRange"/>.</param>
    /// <param name="falseAlarmRate">The share of calm minutes that a suggested threshold may put in alarm, above 0 and below 1.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PreviewResult> RunAsync(AlertRule proposed, AlertRule? present, TimeRange range, double falseAlarmRate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        var all = await findings.ListAsync(cancellationToken).ConfigureAwait(false);
        var replay = new RuleReplay(proposed);
        var other = present is null ? null : new RuleReplay(present);
        var fired = await alerts.ReadHistoryAsync(new(range.From, range.To, null, MaxAlerts), cancellationToken).ConfigureAwait(false);
        var advice = new ThresholdAdvice(proposed, all, fired);
        bool isSame = present is not null && MeasuresSame(proposed, present);
        var answer = await history.ReadAsync(
            proposed, range,
            (at, observation) =>
            {
                replay.Step(at, observation);
                advice.Step(at, observation);
                if (isSame)
                {
                    other!.Step(at, observation);
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (other is not null && !isSame)
        {
            await history.ReadAsync(present!, range, other.Step, cancellationToken).ConfigureAwait(false);
        }

        return new(answer, EffectOf(proposed, replay, answer, all), other is null ? null : EffectOf(present!, other, answer, all), advice.Suggest(falseAlarmRate));
    }

    /// <summary>Whether two rules measure the same, so that history is read once for both.</summary>
    private static bool MeasuresSame(AlertRule one, AlertRule other) =>
        one.Signal == other.Signal && one.Scope == other.Scope && one.Per == other.Per && one.Window == other.Window && one.MinOperations == other.MinOperations
        && one.Signal.Kind is not (AlertSignalKind.RunningFor or AlertSignalKind.NoData);

    private static RuleEffect EffectOf(AlertRule rule, RuleReplay replay, HistoryAnswer answer, IReadOnlyList<Finding> all)
    {
        var firings = replay.ToFirings(answer.Range.To);
        var incidents = all.Where(finding => KnownIncident.IsOf(rule, finding) && KnownIncident.Overlaps(finding, answer.Range)).ToLookup(finding => firings.Any(firing => KnownIncident.IsCaught(finding, firing)));
        return new(firings, replay.Count, replay.Minutes, replay.Longest, replay.Flaps, [.. incidents[true]], [.. incidents[false]]);
    }
}
