using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Server.Wire;

/// <summary>Who is told about which alerts, and how. Secrets are never returned.</summary>
/// <param name="Id">The id: 32 hex digits.</param>
/// <param name="Name">The name that people read.</param>
/// <param name="Kind">How it is reached.</param>
/// <param name="Enabled">Whether it is told anything.</param>
/// <param name="Url">The address; only scheme and host when it is a secret. Null for <c>email</c>.</param>
/// <param name="Secrets">The write-only members that are stored: <c>url</c>, <c>secret</c>, <c>bearer_token</c>.</param>
/// <param name="SmtpHost">The SMTP server.</param>
/// <param name="SmtpPort">Its port.</param>
/// <param name="SmtpSecurity">How the connection is secured: <c>starttls</c>, <c>tls</c> or <c>none</c>.</param>
/// <param name="SmtpUser">The user.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The recipients' addresses.</param>
/// <param name="Routes">Which alerts it receives; empty for all.</param>
/// <param name="GroupBy">The labels whose values make a group.</param>
/// <param name="GroupWaitSeconds">How long the first message about a group waits for more alerts.</param>
/// <param name="GroupIntervalSeconds">The least time between messages about a group that changed.</param>
/// <param name="RepeatIntervalSeconds">The time after which a message about a group that still fires is repeated; 0 for never.</param>
/// <param name="SendResolved">Whether it is told that alerts resolved.</param>
/// <param name="MaxMessagesPerHour">Above this number within an hour, everything that is pending becomes one digest.</param>
/// <param name="Version">Changes with every edit; the ETag contains it.</param>
/// <param name="FailingSince">When the oldest of the messages that it has not accepted first failed; null when it accepted every message that was tried, or is switched off.</param>
/// <param name="Waiting">The number of messages that wait for it.</param>
/// <param name="LastAnswer">What it answered to the last attempt, or why it could not be reached; while it is failing, to the last attempt that failed. Null before the first one. Tests do not count.</param>
/// <param name="LastDeliveredAt">When it last accepted a message; tests do not count.</param>
internal sealed record ReceiverBody(
    string Id, string Name, string Kind, bool Enabled, string? Url, IReadOnlyList<string> Secrets,
    string? SmtpHost, int? SmtpPort, string? SmtpSecurity, string? SmtpUser, string? From, IReadOnlyList<string>? To,
    IReadOnlyList<RouteBody> Routes, IReadOnlyList<string> GroupBy, double GroupWaitSeconds, double GroupIntervalSeconds, double RepeatIntervalSeconds,
    bool SendResolved, int MaxMessagesPerHour, long Version, DateTimeOffset? FailingSince, int Waiting, string? LastAnswer, DateTimeOffset? LastDeliveredAt)
{
    /// <summary>Converts a receiver to its wire form.</summary>
    public static ReceiverBody Of(AlertReceiver receiver, ReceiverHealth health) => new(
        receiver.Id, receiver.Name, receiver.Kind.WireName(), receiver.IsEnabled, receiver.Url?.AbsoluteUri ?? receiver.MaskedUrl, receiver.Secrets,
        receiver.Email?.Host, receiver.Email?.Port, receiver.Email?.Security.WireName(), receiver.Email?.User, receiver.Email?.From, receiver.Email?.To,
        [.. receiver.Routes.Select(route => new RouteBody(route.Severity?.WireName(), route.MinSeverity?.WireName(), route.Labels))], receiver.GroupBy,
        receiver.GroupWait.TotalSeconds, receiver.GroupInterval.TotalSeconds, receiver.RepeatInterval.TotalSeconds, receiver.SendsResolved, receiver.MaxMessagesPerHour, receiver.Version,
        health.FailingSince, health.Waiting, health.LastAnswer, health.LastDeliveredAt);
}

/// <summary>Selects alerts for a receiver.</summary>
/// <param name="Severity">The severity that an alert must have; null for any.</param>
/// <param name="MinSeverity">The least severity; null for any.</param>
/// <param name="Labels">The labels that an alert must have, each with this value.</param>
internal sealed record RouteBody(string? Severity, string? MinSeverity, IReadOnlyDictionary<string, string> Labels);

/// <summary>What a receiver answered to a test message.</summary>
/// <param name="Accepted">Whether it accepted the message.</param>
/// <param name="Outcome"><c>accepted</c>; <c>failed</c> or <c>unavailable</c>, which the portal would retry; or <c>refused</c>, which it would not.</param>
/// <param name="Status">The status code of HTTP or SMTP; null when there was no answer.</param>
/// <param name="Text">The answer, or why there was none; at most 500 characters, without secrets.</param>
/// <param name="Milliseconds">The time that it took.</param>
/// <param name="Note">What messages lack because of a setting, such as links when PublicUrl is not set; null for nothing.</param>
internal sealed record ReceiverTestBody(bool Accepted, string Outcome, int? Status, string Text, double Milliseconds, string? Note);

/// <summary>A message to a receiver.</summary>
/// <param name="Key">The key, which the receiver gets with every attempt.</param>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="Receiver">The name of the receiver.</param>
/// <param name="Status"><c>waiting</c>, <c>delivered</c> or <c>given_up</c>.</param>
/// <param name="Title">What it says in one line.</param>
/// <param name="Alerts">The alerts that it mentions.</param>
/// <param name="Truncated">The number of alerts that it leaves out.</param>
/// <param name="Digest">Whether it stands for several groups, because the receiver's messages of the hour were used up.</param>
/// <param name="ComposedAt">When it was composed.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="NextAttemptAt">When the next attempt is due; null when it is finished, or waits for an earlier message.</param>
/// <param name="FinishedAt">When it was accepted or given up; null until then.</param>
/// <param name="Answer">What the receiver answered last.</param>
/// <param name="WaitsForKey">The key of the earlier message to the same receiver that it waits for; null when it waits for none.</param>
/// <param name="WaitReason">Why it waits for that message; null when it waits for none.</param>
internal sealed record DeliveryBody(
    string Key, string ReceiverId, string Receiver, string Status, string Title, IReadOnlyList<DeliveredAlertBody> Alerts, int Truncated, bool Digest,
    DateTimeOffset ComposedAt, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? FinishedAt, string? Answer,
    string? WaitsForKey, string? WaitReason);

/// <summary>An alert in a message.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Name">The name of its rule.</param>
/// <param name="State"><c>firing</c> or <c>resolved</c>, as the message says.</param>
internal sealed record DeliveredAlertBody(string AlertId, string Name, string State);
