using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Wire;

/// <summary>Says when to raise an alert.</summary>
/// <param name="Id">The id: 32 hex digits, or <c>builtin-…</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Enabled">Whether it is evaluated.</param>
/// <param name="Signal">What it measures.</param>
/// <param name="Scope">What it looks at.</param>
/// <param name="Per">How that is divided: <c>all</c>, <c>source</c>, <c>metric_type</c> or <c>name</c>.</param>
/// <param name="Comparison"><c>above</c> or <c>below</c>.</param>
/// <param name="Threshold">The threshold, in the unit.</param>
/// <param name="RecoveryThreshold">What a value must return to before an alert resolves; null for the threshold.</param>
/// <param name="Unit">The unit; empty for a plain number.</param>
/// <param name="WindowSeconds">The time over which the signal is measured.</param>
/// <param name="ForSeconds">How long the condition must hold before an alert fires.</param>
/// <param name="KeepFiringForSeconds">How long an alert goes on firing after the condition last held.</param>
/// <param name="MinOperations">The number of operations in the window below which nothing is said.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Labels">Labels for routes and silences.</param>
/// <param name="Note">What to do, or a link to a runbook.</param>
/// <param name="BuiltIn">Whether it comes with the portal.</param>
/// <param name="Provisioned">Whether it comes from the rules file, and is edited there.</param>
/// <param name="Follows">The thresholds of the settings that it follows; empty once it was edited. Limits of types and names stand over its threshold.</param>
/// <param name="Version">The number of edits.</param>
/// <param name="SeverityFromFinding">Whether an alert about a finding has the severity of the finding instead.</param>
internal sealed record AlertRuleBody(
    string Id, string Name, bool Enabled, RuleSignalBody Signal, RuleScopeBody Scope, string Per, string Comparison, double Threshold, double? RecoveryThreshold, string Unit, double WindowSeconds,
    double ForSeconds, double KeepFiringForSeconds, int MinOperations, string Severity, IReadOnlyDictionary<string, string> Labels, string? Note, bool BuiltIn, bool Provisioned,
    IReadOnlyList<string> Follows, long Version, bool SeverityFromFinding)
{
    /// <summary>Converts a rule to its wire form.</summary>
    public static AlertRuleBody Of(AlertRule rule) => new(
        rule.Id, rule.Name, rule.IsEnabled, RuleSignalBody.Of(rule.Signal), new(rule.Scope.Source, rule.Scope.MetricType, rule.Scope.Name), rule.Per.WireName(), rule.Comparison.WireName(),
        rule.Threshold, rule.RecoveryThreshold, AlertWords.Unit(rule.Signal), rule.Window.TotalSeconds, rule.For.TotalSeconds, rule.KeepFiringFor.TotalSeconds, rule.MinOperations,
        rule.Severity.WireName(), rule.Labels, rule.Note, rule.IsBuiltIn, rule.IsProvisioned, rule.Follows, rule.Version,
        rule.UsesFindingSeverity);
}

/// <summary>What an alert rule measures.</summary>
/// <param name="Kind"><c>resource</c>, <c>failure_rate</c>, <c>duration</c>, <c>throughput</c>, <c>running_for</c>, <c>abandoned</c>, <c>no_data</c>, <c>score</c>, <c>finding</c> or <c>portal</c>.</param>
/// <param name="Metric">The metric; for <c>resource</c> only.</param>
/// <param name="Quantile">The quantile, above 0 and below 1; for <c>duration</c> only.</param>
/// <param name="FindingKind">The kind of findings; for <c>finding</c> only, null for every kind.</param>
/// <param name="MinSeverity">The severity from which findings count; for <c>finding</c> only, null for all.</param>
internal sealed record RuleSignalBody(string Kind, string? Metric, double? Quantile, string? FindingKind, string? MinSeverity)
{
    /// <summary>Converts a signal to its wire form.</summary>
    public static RuleSignalBody Of(AlertSignal signal) =>
        new(signal.Kind.WireName(), signal.Metric?.Info().WireName, signal.Quantile, signal.FindingKind?.WireName(), signal.MinSeverity?.WireName());
}

/// <summary>What an alert rule looks at; null selects everything.</summary>
/// <param name="Source">The source or host.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
internal sealed record RuleScopeBody(string? Source, MetricType? MetricType, string? Name);

/// <summary>What a rule would have done over a past range.</summary>
/// <param name="Range">The range that was looked at; it begins later than asked where minutes are no longer kept.</param>
/// <param name="ResolutionSeconds">How finely the past of the signal is known; null when nothing of it is kept.</param>
/// <param name="Firings">The times in which it would have fired, the oldest first; at most 1,000.</param>
/// <param name="Fired">How often it would have fired.</param>
/// <param name="MinutesFiring">The minutes in which it would have fired for any subject.</param>
/// <param name="LongestSeconds">The longest time for which it would have fired for one subject.</param>
/// <param name="Flaps">How often it would have fired while it was going on and off.</param>
/// <param name="Caught">The known incidents of its kind during which it would have fired.</param>
/// <param name="Missed">The known incidents of its kind during which it would not.</param>
/// <param name="Suggestion">A threshold that the same history suggests.</param>
/// <param name="ComparedWith">What the stored rule whose id is in the body would have done; null without one.</param>
internal sealed record RulePreviewBody(
    RangeBody Range, double? ResolutionSeconds, IReadOnlyList<RuleFiringBody> Firings, int Fired, int MinutesFiring, double LongestSeconds, int Flaps, IReadOnlyList<RuleIncidentBody> Caught,
    IReadOnlyList<RuleIncidentBody> Missed, SuggestedThresholdBody Suggestion, RuleEffectBody? ComparedWith)
{
    /// <summary>Converts a result to its wire form.</summary>
    public static RulePreviewBody Of(PreviewResult result)
    {
        var effect = RuleEffectBody.Of(result.Effect);
        var suggestion = result.Suggestion;
        return new(
            RangeBody.Of(result.History.Range), result.History.Resolution?.TotalSeconds, effect.Firings, effect.Fired, effect.MinutesFiring, effect.LongestSeconds, effect.Flaps, effect.Caught,
            effect.Missed, new(suggestion.Threshold, suggestion.FalseAlarmRate, suggestion.RateNow, suggestion.Minutes, suggestion.Sentence, suggestion.Recovery), result.Present is { } present ? RuleEffectBody.Of(present) : null);
    }
}

/// <summary>What a rule would have done.</summary>
/// <param name="Firings">The times in which it would have fired, the oldest first; at most 1,000.</param>
/// <param name="Fired">How often it would have fired.</param>
/// <param name="MinutesFiring">The minutes in which it would have fired for any subject.</param>
/// <param name="LongestSeconds">The longest time for which it would have fired for one subject.</param>
/// <param name="Flaps">How often it would have fired while it was going on and off.</param>
/// <param name="Caught">The known incidents of its kind during which it would have fired.</param>
/// <param name="Missed">The known incidents of its kind during which it would not.</param>
internal sealed record RuleEffectBody(
    IReadOnlyList<RuleFiringBody> Firings, int Fired, int MinutesFiring, double LongestSeconds, int Flaps, IReadOnlyList<RuleIncidentBody> Caught, IReadOnlyList<RuleIncidentBody> Missed)
{
    /// <summary>Converts an effect to its wire form.</summary>
    public static RuleEffectBody Of(RuleEffect effect) => new(
        [.. effect.Firings.Select(firing => new RuleFiringBody(AlertSubjectBody.Of(firing.Subject), firing.From, firing.To, firing.Peak, firing.IsFlapping))], effect.Count, effect.MinutesFiring,
        effect.Longest.TotalSeconds, effect.Flaps, [.. effect.Caught.Select(RuleIncidentBody.Of)], [.. effect.Missed.Select(RuleIncidentBody.Of)]);
}

/// <summary>A time in which a rule would have fired.</summary>
/// <param name="Subject">What it would have been about.</param>
/// <param name="From">When it would have begun to fire.</param>
/// <param name="To">When it would have resolved; null when it still fires at the end of the range.</param>
/// <param name="Peak">The value furthest beyond the threshold.</param>
/// <param name="Flapping">Whether it went on and off.</param>
internal sealed record RuleFiringBody(AlertSubjectBody Subject, DateTimeOffset From, DateTimeOffset? To, double? Peak, bool Flapping);

/// <summary>A finding, as an incident that is known to have happened.</summary>
/// <param name="FindingId">The finding.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Sentence">What happened.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it ended; null while it lasts.</param>
internal sealed record RuleIncidentBody(string FindingId, string Kind, string Sentence, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>Converts a finding to its wire form.</summary>
    public static RuleIncidentBody Of(Finding finding) => new(finding.Id, finding.Latest.Kind.WireName(), finding.Latest.Sentence, finding.Latest.Since, finding.Until);
}

/// <summary>A threshold that the history suggests.</summary>
/// <param name="Threshold">The threshold, in the unit of the rule; null without enough calm minutes.</param>
/// <param name="FalseAlarmRate">The share of calm minutes that may be in alarm, as asked.</param>
/// <param name="RateNow">The share of calm minutes that the proposed threshold puts in alarm.</param>
/// <param name="CalmMinutes">The calm minutes of all subjects that were looked at.</param>
/// <param name="Sentence">The suggestion in words.</param>
/// <param name="RecoveryThreshold">The recovery threshold that belongs to it, as far away as that of the rule; null when the rule has none.</param>
internal sealed record SuggestedThresholdBody(double? Threshold, double FalseAlarmRate, double? RateNow, long CalmMinutes, string Sentence, double? RecoveryThreshold);

/// <summary>How noisy a rule was in the last 30 days.</summary>
/// <param name="Days">The number of days that were looked at.</param>
/// <param name="Fired">How often it fired.</param>
/// <param name="Acknowledged">How many of its alerts somebody took on.</param>
/// <param name="Flapping">How many of its alerts went on and off.</param>
/// <param name="MinutesFiring">The minutes for which its alerts fired, added up.</param>
/// <param name="MedianMinutes">The median duration of an alert; null without any.</param>
/// <param name="Proposal">A proposal, where the numbers support one; otherwise null.</param>
/// <param name="Sentence">The numbers in words.</param>
internal sealed record RuleNoiseBody(int Days, int Fired, int Acknowledged, int Flapping, double MinutesFiring, double? MedianMinutes, NoiseProposalBody? Proposal, string Sentence)
{
    /// <summary>Converts a report to its wire form.</summary>
    public static RuleNoiseBody Of(NoiseReport report) => new(
        (int)AlertNoise.Period.TotalDays, report.Fired, report.Acknowledged, report.Flapping, report.Minutes, report.MedianMinutes,
        report.Proposal is { } proposal ? new(proposal.Kind, proposal.Value, proposal.Avoided, proposal.Recovery) : null, report.Sentence);
}

/// <summary>What could be done about a noisy rule.</summary>
/// <param name="Kind"><c>threshold</c>, <c>for</c> or <c>remove</c>.</param>
/// <param name="Value">The proposed threshold, or the proposed <c>for</c> in seconds; null for <c>remove</c>.</param>
/// <param name="Avoided">How many of the alerts would not have fired.</param>
/// <param name="RecoveryThreshold">The recovery threshold that belongs to a proposed threshold; null when the rule has none, and for the other kinds.</param>
internal sealed record NoiseProposalBody(string Kind, double? Value, int Avoided, double? RecoveryThreshold);
