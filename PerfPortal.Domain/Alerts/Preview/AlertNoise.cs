using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>What could be done about a noisy rule.</summary>
/// <param name="Kind"><c>threshold</c>, <c>for</c> or <c>remove</c>.</param>
/// <param name="Value">The proposed threshold in the unit of the signal, or the proposed <c>for</c> in seconds; <see langword="null"/> for <c>remove</c>.</param>
/// <param name="Avoided">How many of the alerts that were looked at would not have fired.</param>
/// <param name="Recovery">The recovery threshold that belongs to the proposed threshold; <see langword="null"/> when the rule has none, and for the other kinds.</param>
public sealed record NoiseProposal(string Kind, double? Value, int Avoided, double? Recovery = null);

/// <summary>How noisy a rule was.</summary>
/// <param name="Fired">How often it fired in <see cref="AlertNoise.Period"/>.</param>
/// <param name="Acknowledged">How many of its alerts somebody took on.</param>
/// <param name="Flapping">How many of its alerts went on and off.</param>
/// <param name="Minutes">The minutes for which its alerts fired, added up.</param>
/// <param name="MedianMinutes">The median duration of an alert; <see langword="null"/> without any.</param>
/// <param name="Proposal">A proposal, where the numbers support one.</param>
/// <param name="Sentence">The numbers, and the proposal with its reason, in words.</param>
public sealed record NoiseReport(int Fired, int Acknowledged, int Flapping, double Minutes, double? MedianMinutes, NoiseProposal? Proposal, string Sentence);

/// <summary>
/// Judges rules by their alerts of the last 30 days. A proposal is made only for a rule that fired at least <see cref="Enough"/> times and whose alerts were never acknowledged: to remove it when it
/// fires most of the time, to wait longer when most alerts were short, to move its threshold when most stayed close to it.
/// </summary>
public sealed class AlertNoise(IAlertStore store, TimeProvider time)
{
    /// <summary>The period that is looked at.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(30);

    /// <summary>The number of alerts from which a proposal is made.</summary>
    public const int Enough = 10;

    /// <summary>The maximum number of alerts that are looked at; the latest ones.</summary>
    public const int MaxAlerts = 1000;

    private const double MostShare = 0.8;
    private const double AlwaysShare = 0.5;
    private const double Close = 1.25;
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(30);

    /// <summary>Returns how noisy a rule was.</summary>
    public async Task<NoiseReport> ReadAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var now = time.GetUtcNow();
        var alerts = await store.ReadHistoryAsync(new(now - Period, now.AddTicks(1), rule.Id, MaxAlerts), cancellationToken).ConfigureAwait(false);
        return Of(rule, alerts, now);
    }

    /// <summary>Judges a rule by its alerts.</summary>
    public static NoiseReport Of(AlertRule rule, IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alerts);
        var begin = now - Period;
        double[] minutes = [.. alerts.Select(alert => (alert.Status.FiringSince < begin ? alert.FiringTime(now) - (begin - alert.Status.FiringSince.Value) : alert.FiringTime(now)).TotalMinutes).Order()];
        int acknowledged = alerts.Count(alert => alert.Acknowledged is not null);
        int flapping = alerts.Count(alert => alert.Status.IsFlapping);
        double? median = minutes.Length == 0 ? null : minutes[(minutes.Length - 1) / 2];
        var proposal = alerts.Count < Enough || acknowledged > 0 ? null : Remove(alerts, minutes) ?? WaitLonger(rule, alerts, minutes) ?? Loosen(rule, alerts);
        string sentence = alerts.Count == 0
            ? "It did not fire in 30 days."
            : $"It fired {Times(alerts.Count)} in 30 days, {AlertTimes.Lasted(TimeSpan.FromMinutes(minutes.Sum()))} in all; {Format.Count((long)acknowledged)} of these alerts were acknowledged.";
        return new(alerts.Count, acknowledged, flapping, minutes.Sum(), median, proposal, proposal is null ? sentence : sentence + " " + Words(rule, proposal, alerts.Count));
    }

    /// <summary>A rule whose subjects are in alarm most of the time is not informative.</summary>
    private static NoiseProposal? Remove(IReadOnlyList<Alert> alerts, double[] minutes)
    {
        int subjects = alerts.Select(alert => alert.Subject.Key).Distinct().Count();
        return minutes.Sum() > AlwaysShare * Period.TotalMinutes * subjects ? new("remove", null, alerts.Count) : null;
    }

    /// <summary>An alert that lasted for less than the additional time would not have fired.</summary>
    private static NoiseProposal? WaitLonger(AlertRule rule, IReadOnlyList<Alert> alerts, double[] minutes)
    {
        double additional = Math.Ceiling(minutes[(int)Math.Ceiling(MostShare * minutes.Length) - 1]);
        var proposed = rule.For + TimeSpan.FromMinutes(additional);
        return additional > Short.TotalMinutes || proposed > AlertRuleValidator.MaxFor || rule.KeepFiringFor > TimeSpan.Zero
            ? null
            : new("for", proposed.TotalSeconds, alerts.Count(alert => alert.FiringTime(DateTimeOffset.MaxValue).TotalMinutes < additional));
    }

    private static NoiseProposal? Loosen(AlertRule rule, IReadOnlyList<Alert> alerts)
    {
        bool isAbove = rule.Comparison == AlertComparison.Above;
        double[] peaks = [.. alerts.Where(alert => alert.Threshold.Equals(rule.Threshold)).Select(alert => alert.Status.Peak).OfType<double>().Order()];
        if (peaks.Length < Enough || rule.OwnThresholds is not null)
        {
            return null;
        }

        int rank = (int)Math.Ceiling(MostShare * peaks.Length) - 1;
        double peak = isAbove ? peaks[rank] : peaks[peaks.Length - 1 - rank];
        double value = isAbove ? DailyLimit.TwoDigits(peak) : ThresholdAdvice.TwoDigitsDown(peak);
        var traits = SignalTraits.Of(rule.Signal);
        bool isClose = isAbove ? value <= rule.Threshold * Close : value >= rule.Threshold / Close;

        // At the end of the scale there is nothing left to be above.
        return !isClose || value >= traits.Max || value <= traits.Min || !rule.IsBeyond(value) ? null : new("threshold", value, peaks.Count(known => isAbove ? known <= value : known >= value), rule.RecoveryFor(value));
    }

    private static string Words(AlertRule rule, NoiseProposal proposal, int fired) => proposal.Kind switch
    {
        "remove" => "It fires most of the time, and nobody takes it on: switch it off, or measure something else.",
        "for" => $"If the condition had to be met for {AlertTimes.Exact(TimeSpan.FromSeconds(proposal.Value ?? 0))}, {Format.Count((long)proposal.Avoided)} of {Format.Count((long)fired)} would not have fired.",
        _ => $"With the threshold {AlertWords.Threshold(rule.Signal, rule.Comparison, proposal.Value!.Value)}, {Format.Count((long)proposal.Avoided)} of {Format.Count((long)fired)} would not have fired.",
    };

    private static string Times(int count) => count == 1 ? "once" : $"{Format.Count((long)count)} times";
}
