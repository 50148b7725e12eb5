using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire;

/// <summary>One episode of a rule and what it is about: from the condition that began to hold until it resolved.</summary>
/// <param name="Id">The id: 32 hex digits.</param>
/// <param name="RuleId">The rule.</param>
/// <param name="Name">The name of the rule.</param>
/// <param name="State"><c>pending</c>, <c>firing</c>, <c>no_data</c> (it was firing, and nothing has been measured since) or <c>resolved</c>.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Labels">The labels that routes and silences match.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Signal">What was measured.</param>
/// <param name="Sentence">What is wrong, with value, threshold and since when; or how long it lasted.</param>
/// <param name="Value">The latest value, in the unit; null when what it was about is over.</param>
/// <param name="Peak">The value that was furthest beyond the threshold.</param>
/// <param name="Threshold">The threshold, in the unit.</param>
/// <param name="Comparison"><c>above</c> or <c>below</c>.</param>
/// <param name="Unit">The unit; empty for a plain number. Of a finding that of its size: <c>ratio</c> for a change (0.25 is a quarter), <c>share</c>, <c>s</c>, <c>h</c> that are left, or that of the metric.</param>
/// <param name="PendingSince">When the condition began to hold.</param>
/// <param name="FiringSince">When it began to fire; null while it is pending.</param>
/// <param name="ResolvedAt">When it resolved; null until then.</param>
/// <param name="NoDataSince">Since when nothing has been measured; null while there are data.</param>
/// <param name="FiringSeconds">How long it has been firing, or did fire.</param>
/// <param name="Flapping">Whether it goes on and off; it then resolves only after a quarter of an hour of calm.</param>
/// <param name="Acknowledged">Who has taken it on; null when nobody has.</param>
/// <param name="SilencedBy">The id of the silence that mutes it; null when it is not muted.</param>
/// <param name="Note">What to do, or a link to a runbook.</param>
/// <param name="Running">The operations that ran in the window before it began to fire, the longest first and those without progress last; those that had ended by then say when.</param>
/// <param name="Causes">Probable causes, the most probable first.</param>
/// <param name="LastTime">What happened the last time; null when it did not fire in the last 90 days.</param>
/// <param name="LastAlertId">The alert of the last time.</param>
/// <param name="Points">The value over the hour before it fired.</param>
/// <param name="Deliveries">The messages about it, the latest first.</param>
/// <param name="Events">Its history, oldest entry first; null in lists.</param>
internal sealed record AlertBody(
    string Id, string RuleId, string Name, string State, string Severity, IReadOnlyDictionary<string, string> Labels, AlertSubjectBody Subject, string Signal, string Sentence,
    double? Value, double? Peak, double Threshold, string Comparison, string Unit, DateTimeOffset? PendingSince, DateTimeOffset? FiringSince, DateTimeOffset? ResolvedAt,
    DateTimeOffset? NoDataSince, double FiringSeconds, bool Flapping, AlertAcknowledgementBody? Acknowledged, string? SilencedBy, string? Note,
    IReadOnlyList<RunningOperationBody> Running, IReadOnlyList<FindingCause> Causes, string? LastTime, string? LastAlertId, IReadOnlyList<AlertPointBody> Points,
    IReadOnlyList<AlertDeliveryBody> Deliveries, IReadOnlyList<AlertEventBody>? Events)
{
    /// <summary>Converts an alert to its wire form.</summary>
    public static AlertBody Of(Alert alert, string sentence, DateTimeOffset now, IReadOnlyList<AlertDeliveryBody> deliveries, IReadOnlyList<AlertEvent>? events) => new(
        alert.Id, alert.RuleId, alert.RuleName, alert.State.WireName(), alert.Severity.WireName(), alert.Labels, AlertSubjectBody.Of(alert.Subject), alert.Signal.Kind.WireName(), sentence,
        alert.Status.Value, alert.Status.Peak, alert.Threshold, alert.Comparison == AlertComparison.Above ? "above" : "below", AlertWords.UnitOf(alert), alert.Status.PendingSince,
        alert.Status.FiringSince, alert.Status.ResolvedAt, alert.Status.MissingSince, alert.FiringTime(now).TotalSeconds, alert.Status.IsFlapping,
        alert.Acknowledged is { } taken ? new(taken.By, taken.At, taken.Note) : null, alert.MutedBy, alert.Note,
        [.. (alert.Explanation?.Running ?? []).Select(running => new RunningOperationBody(ReferenceBody.Of(running.Operation), running.Share, running.EndedAt))], alert.Explanation?.Causes ?? [],
        alert.Explanation?.LastTime, alert.Explanation?.LastAlertId, [.. (alert.Explanation?.Points ?? []).Select(point => new AlertPointBody(point.At, point.Value))], deliveries,
        events is null ? null : [.. events.Select(AlertEventBody.Of)]);
}

/// <summary>What an alert is about.</summary>
/// <param name="Source">The source or host; null for all.</param>
/// <param name="MetricType">The metric type; null for all.</param>
/// <param name="Name">The operation name; null for all.</param>
/// <param name="FindingId">The finding, for rules about findings.</param>
/// <param name="Part">The part of the portal, for rules about its own health.</param>
internal sealed record AlertSubjectBody(string? Source, MetricType? MetricType, string? Name, string? FindingId, string? Part)
{
    /// <summary>Converts a subject to its wire form.</summary>
    public static AlertSubjectBody Of(AlertSubject subject) => new(subject.Source, subject.MetricType, subject.Name, subject.FindingId, subject.Part);
}

/// <summary>Who has taken on an alert.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="Note">What they wrote.</param>
internal sealed record AlertAcknowledgementBody(string By, DateTimeOffset At, string? Note);

/// <summary>An operation that ran in the window before an alert began to fire.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Share">Its share of the running time in the window, 0–1.</param>
/// <param name="EndedAt">When it had ended; null when it was still running as the alert began to fire.</param>
internal sealed record RunningOperationBody(ReferenceBody Operation, double? Share, DateTimeOffset? EndedAt);

/// <summary>The value of a signal at a time.</summary>
/// <param name="At">The time.</param>
/// <param name="Value">The value; null without data.</param>
internal sealed record AlertPointBody(DateTimeOffset At, double? Value);

/// <summary>A message about an alert.</summary>
/// <param name="Receiver">The name of the receiver.</param>
/// <param name="At">When it was delivered or given up; while it waits, when it was composed.</param>
/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>given_up</c>.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="Detail">What the receiver answered last.</param>
internal sealed record AlertDeliveryBody(string Receiver, DateTimeOffset At, string Status, int Attempts, string? Detail)
{
    /// <summary>The name of a state on the wire.</summary>
    public static string StatusOf(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "delivered",
        DeliveryState.GivenUp => "given_up",
        _ => "waiting",
    };
}

/// <summary>An entry in the history of an alert.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><c>state</c>, <c>acknowledged</c>, <c>unacknowledged</c>, <c>muted</c>, <c>unmuted</c>, <c>delivered</c> or <c>delivery_failed</c>.</param>
/// <param name="State">The state after it.</param>
/// <param name="Text">One sentence.</param>
/// <param name="By">Who did it; null for the portal.</param>
internal sealed record AlertEventBody(DateTimeOffset At, string Kind, string State, string Text, string? By)
{
    /// <summary>Converts an entry to its wire form.</summary>
    public static AlertEventBody Of(AlertEvent happened) => new(
        happened.At,
        happened.Kind switch
        {
            AlertEventKind.Acknowledged => "acknowledged",
            AlertEventKind.Unacknowledged => "unacknowledged",
            AlertEventKind.Muted => "muted",
            AlertEventKind.Unmuted => "unmuted",
            AlertEventKind.Delivered => "delivered",
            AlertEventKind.DeliveryFailed => "delivery_failed",
            _ => "state",
        },
        happened.State.WireName(), happened.Text, happened.By);
}
