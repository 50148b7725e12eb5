using System.ComponentModel.DataAnnotations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Who is told about which alerts, and how. A change replaces everything; secrets that are missing are kept, and an empty one is removed. Members of a response that cannot be set are ignored, so that a receiver can be sent as it was read; any other member is an error.</summary>
/// <param name="Name">The name that people read; unique.</param>
/// <param name="Kind">How it is reached; cannot be changed.</param>
/// <param name="Enabled">Whether it is told anything; true when missing.</param>
/// <param name="Url">The address, for every kind but <c>email</c>: absolute, http or https, at most 2,000 characters. It is stored as a secret for <c>slack</c> and <c>teams</c>, and when it has a query or a part of 16 or more characters; then only scheme and host are shown.</param>
/// <param name="Secret">Write-only. For <c>webhook</c> the key that signs messages, at least 8 characters; for <c>email</c> the password.</param>
/// <param name="BearerToken">Write-only. A token that is sent as <c>Authorization: Bearer</c>, for <c>webhook</c> and <c>alertmanager</c>.</param>
/// <param name="SmtpHost">The SMTP server, for <c>email</c>.</param>
/// <param name="SmtpPort">Its port; 587 when missing, 465 with <c>tls</c>, 25 with <c>none</c>.</param>
/// <param name="SmtpSecurity">How the connection is secured; <c>starttls</c> when missing.</param>
/// <param name="SmtpUser">The user; none when missing. Needs <c>starttls</c> or <c>tls</c>.</param>
/// <param name="From">The sender's address, for <c>email</c>.</param>
/// <param name="To">The recipients' addresses, for <c>email</c>: 1 to 20.</param>
/// <param name="Routes">Which alerts it receives; one that matches is enough. All when missing or empty.</param>
/// <param name="GroupBy">The labels whose values make a group; alerts of a group share messages. <c>alertname</c> when missing; empty for one group. At most 20.</param>
/// <param name="GroupWaitSeconds">How long the first message about a group waits for more alerts; 30 when missing.</param>
/// <param name="GroupIntervalSeconds">The least time between messages about a group that changed; 300 when missing.</param>
/// <param name="RepeatIntervalSeconds">The time after which a message about a group that still fires is repeated, at least 300; 0 for never, 14,400 when missing.</param>
/// <param name="SendResolved">Whether it is told that alerts resolved; true when missing.</param>
/// <param name="MaxMessagesPerHour">Above this number within an hour, everything that is pending becomes one digest; 60 when missing.</param>
internal sealed record ReceiverReport(
    [property: StringLength(ReceiverReport.NameCharacters, MinimumLength = 1)] string Name,
    [property: AllowedValues("webhook", "slack", "teams", "email", "alertmanager")] string Kind,
    bool? Enabled,
    string? Url,
    [property: StringLength(ReceiverReport.SecretCharacters)] string? Secret,
    [property: StringLength(ReceiverReport.TokenCharacters)] string? BearerToken,
    [property: StringLength(ReceiverReport.HostCharacters)] string? SmtpHost,
    [property: Range(1, 65535)] int? SmtpPort,
    [property: AllowedValues("starttls", "tls", "none", null)] string? SmtpSecurity,
    [property: StringLength(ReceiverReport.HostCharacters)] string? SmtpUser,
    [property: StringLength(ReceiverReport.AddressCharacters)] string? From,
    IReadOnlyList<string>? To,
    [property: MaxLength(Domain.Alerts.Delivery.AlertReceiver.MaxRoutes)] IReadOnlyList<RouteReport>? Routes,
    IReadOnlyList<string>? GroupBy,
    [property: Range(0, ReceiverReport.MaxWaitSeconds)] double? GroupWaitSeconds,
    [property: Range(0, ReceiverReport.MaxIntervalSeconds)] double? GroupIntervalSeconds,
    [property: Range(0, ReceiverReport.MaxRepeatSeconds)] double? RepeatIntervalSeconds,
    bool? SendResolved,
    [property: Range(1, ReceiverReport.MaxPerHour)] int? MaxMessagesPerHour) : IRequestBody
{
    public const int NameCharacters = 100;
    public const int UrlCharacters = 2000;
    public const int SecretCharacters = 500;
    public const int TokenCharacters = 4000;
    public const int HostCharacters = 255;
    public const int AddressCharacters = 254;
    public const int MaxWaitSeconds = 3600;
    public const int MaxIntervalSeconds = 86_400;
    public const int MaxRepeatSeconds = 7 * 86_400;
    public const int MinRepeatSeconds = 300;
    public const int MaxPerHour = 3600;
}

/// <summary>Selects alerts for a receiver; a member that is missing selects all.</summary>
/// <param name="Severity">The severity that an alert must have.</param>
/// <param name="MinSeverity">The least severity that an alert must have.</param>
/// <param name="Labels">The labels that an alert must have, each with this value; at most 20, names of at most 64 and values of at most 512 characters.</param>
internal sealed record RouteReport(
    [property: AllowedValues("info", "warning", "critical", null)] string? Severity,
    [property: AllowedValues("info", "warning", "critical", null)] string? MinSeverity,
    IReadOnlyDictionary<string, string>? Labels) : IClosedRequestBody;
