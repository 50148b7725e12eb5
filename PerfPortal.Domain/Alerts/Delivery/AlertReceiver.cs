using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>How a receiver is reached. The numeric values are stored; append, never renumber.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum ReceiverKind : byte
{
    /// <summary>An HTTP endpoint that accepts the webhook payload of Alertmanager, version 4.</summary>
    Webhook = 1,

    /// <summary>An incoming webhook of Slack, or of a service that accepts the same.</summary>
    Slack = 2,

    /// <summary>A workflow of Microsoft Teams that accepts an adaptive card.</summary>
    Teams = 3,

    /// <summary>E-mail through an SMTP server.</summary>
    Email = 4,

    /// <summary>An Alertmanager, through its API version 2.</summary>
    Alertmanager = 5,
}

/// <summary>The wire names of <see cref="ReceiverKind"/>.</summary>
public static class ReceiverKinds
{
    /// <summary>The wire names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["webhook", "slack", "teams", "email", "alertmanager"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this ReceiverKind kind) => WireNames[(int)kind - 1];

    /// <summary>Returns the kind with this wire name, or <see langword="null"/>.</summary>
    public static ReceiverKind? Parse(string? name)
    {
        for (int i = 0; i < WireNames.Count; i++)
        {
            if (WireNames[i] == name)
            {
                return (ReceiverKind)(i + 1);
            }
        }

        return null;
    }
}

/// <summary>Who is told about which alerts, and how. The secret is not part of it.</summary>
public sealed record AlertReceiver
{
    /// <summary>The ID: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people read; unique.</summary>
    public required string Name { get; init; }

    /// <summary>How it is reached.</summary>
    public required ReceiverKind Kind { get; init; }

    /// <summary>Whether it is told anything.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The address, for receivers that are reached over HTTP. It may contain a secret, as Slack's do; then it is stored as the secret and is <see langword="null"/> here.</summary>
    public Uri? Url { get; init; }

    /// <summary>The address as it may be shown: scheme and host of an address that is stored as the secret; <see langword="null"/> for other receivers.</summary>
    public string? MaskedUrl { get; init; }

    /// <summary>The SMTP server and addresses, for e-mail.</summary>
    public EmailAddressing? Email { get; init; }

    /// <summary>Which alerts it receives; one that matches is enough. Empty for all.</summary>
    public IReadOnlyList<AlertRoute> Routes { get; init; } = [];

    /// <summary>The names of the labels whose values make a group; alerts of a group share messages. Empty for one group of everything.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [AlertLabels.AlertName];

    /// <summary>How long the first message about a group waits for more alerts.</summary>
    public TimeSpan GroupWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The least time between messages about a group that changed.</summary>
    public TimeSpan GroupInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time after which a message about a group that still fires is repeated; zero for never.</summary>
    public TimeSpan RepeatInterval { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Whether it is told that alerts resolved.</summary>
    public bool SendsResolved { get; init; } = true;

    /// <summary>The maximum number of messages within an hour; above it, everything waits and becomes one digest.</summary>
    public int MaxMessagesPerHour { get; init; } = 60;

    /// <summary>The wire names of the write-only members that are stored as secrets: <c>url</c>, <c>secret</c>, <c>bearer_token</c>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Whether a secret is stored.</summary>
    public bool HasSecret { get; init; }

    /// <summary>Changes with every edit; the optimistic concurrency token.</summary>
    public long Version { get; init; }

    /// <summary>The maximum number of receivers.</summary>
    public const int MaxReceivers = 50;

    /// <summary>The maximum number of routes of a receiver.</summary>
    public const int MaxRoutes = 20;

    /// <summary>The maximum number of labels of a route, and of labels that make a group.</summary>
    public const int MaxLabels = 20;

    /// <summary>The maximum number of recipients of an e-mail.</summary>
    public const int MaxRecipients = 20;

    /// <summary>Whether it receives an alert of this severity with these labels.</summary>
    public bool Receives(AlertSeverity severity, IReadOnlyDictionary<string, string> labels) =>
        IsEnabled && (Routes.Count == 0 || Routes.Any(route => route.Matches(severity, labels)));
}

/// <summary>Selects alerts for a receiver.</summary>
/// <param name="Severity">The severity that an alert must have; <see langword="null"/> for any.</param>
/// <param name="MinSeverity">The least severity; <see langword="null"/> for any.</param>
/// <param name="Labels">The labels that an alert must have, each with this value.</param>
public sealed record AlertRoute(AlertSeverity? Severity, AlertSeverity? MinSeverity, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Whether the route selects an alert.</summary>
    public bool Matches(AlertSeverity severity, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return (Severity is null || severity == Severity) && !(severity < MinSeverity) && Labels.All(wanted => labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
    }
}

/// <summary>How the connection to an SMTP server is secured.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum SmtpSecurity : byte
{
    /// <summary>STARTTLS, which the server must offer.</summary>
    StartTls = 1,

    /// <summary>TLS from the first byte.</summary>
    Tls = 2,

    /// <summary>No encryption, for a server on the same machine.</summary>
    None = 3,
}

/// <summary>The wire names of <see cref="SmtpSecurity"/>.</summary>
public static class SmtpSecurities
{
    /// <summary>The wire names, in the order of the values.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["starttls", "tls", "none"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this SmtpSecurity security) => WireNames[(int)security - 1];
}

/// <summary>The SMTP server and addresses of an e-mail receiver; the password is the secret of the receiver.</summary>
/// <param name="Host">The host name of the server.</param>
/// <param name="Port">The port.</param>
/// <param name="Security">How the connection is secured.</param>
/// <param name="User">The user; <see langword="null"/> without authentication.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The recipients' addresses; at least one.</param>
public sealed record EmailAddressing(string Host, int Port, SmtpSecurity Security, string? User, string From, IReadOnlyList<string> To);
