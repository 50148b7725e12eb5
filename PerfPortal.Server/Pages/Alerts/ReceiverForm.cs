using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>A route as a form edits it.</summary>
public sealed class RouteRow
{
    /// <summary>The least severity; <see langword="null"/> for any.</summary>
    public AlertSeverity? MinSeverity { get; set; }

    /// <summary>The only severity, which a route that was made over REST can have.</summary>
    public AlertSeverity? Severity { get; set; }

    /// <summary>The labels.</summary>
    public List<LabelRow> Labels { get; init; } = [];
}

/// <summary>A receiver as a form edits it. It is judged by the reader of the REST endpoint. Secrets are never shown: an empty field keeps what is stored.</summary>
internal sealed class ReceiverForm
{
    private static readonly (string Member, string Words)[] Members =
    [
        ("name", "The name"), ("url", "The address"), ("secret", "It"), ("bearer_token", "The token"), ("smtp_host", "The server"), ("smtp_port", "The port"), ("smtp_user", "The user"),
        ("from", "The address"), ("to", "The recipients"), ("routes", "The routes"), ("group_by", "The labels"), ("group_wait_seconds", "The time in seconds"),
        ("group_interval_seconds", "The time in seconds"), ("repeat_interval_seconds", "The time in seconds"), ("max_messages_per_hour", "The number"),
    ];

    private readonly List<ValidationError> _errors = [];

    /// <summary>Creates a form for a receiver; <see langword="null"/> for a new one.</summary>
    public ReceiverForm(AlertReceiver? receiver)
    {
        Loaded = receiver;
        if (receiver is null)
        {
            return;
        }

        (Name, Kind, IsEnabled, Url) = (receiver.Name, receiver.Kind, receiver.IsEnabled, receiver.Url?.AbsoluteUri ?? receiver.MaskedUrl);
        if (receiver.Email is { } mail)
        {
            (Host, Port, Security, User, From, To) = (mail.Host, mail.Port, mail.Security, mail.User, mail.From, string.Join(", ", mail.To));
        }

        Routes = [.. receiver.Routes.Select(route => new RouteRow { MinSeverity = route.MinSeverity, Severity = route.Severity, Labels = LabelRow.Of(route.Labels) })];
        GroupBy = string.Join(", ", receiver.GroupBy);
        (WaitSeconds, IntervalSeconds, RepeatMinutes) = (receiver.GroupWait.TotalSeconds, receiver.GroupInterval.TotalSeconds, receiver.RepeatInterval.TotalMinutes);
        (SendsResolved, MaxPerHour) = (receiver.SendsResolved, receiver.MaxMessagesPerHour);
    }

    /// <summary>The receiver as it was loaded; <see langword="null"/> for a new one.</summary>
    public AlertReceiver? Loaded { get; private set; }

    public string? Name { get; set; }

    public ReceiverKind Kind { get; set; } = ReceiverKind.Webhook;

    public bool IsEnabled { get; set; } = true;

    public string? Url { get; set; }

    /// <summary>The signing key or the password; empty to keep the stored one.</summary>
    public string? Secret { get; set; }

    /// <summary>Whether the stored secret is to be removed.</summary>
    public bool RemovesSecret { get; set; }

    /// <summary>The bearer token; empty to keep the stored one.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the stored token is to be removed.</summary>
    public bool RemovesToken { get; set; }

    public string? Host { get; set; }

    public int? Port { get; set; }

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    public string? User { get; set; }

    public string? From { get; set; }

    /// <summary>The recipients, separated by commas.</summary>
    public string? To { get; set; }

    public List<RouteRow> Routes { get; } = [];

    /// <summary>The labels that make groups, separated by commas.</summary>
    public string? GroupBy { get; set; } = AlertLabels.AlertName;

    public double? WaitSeconds { get; set; } = 30;

    public double? IntervalSeconds { get; set; } = 300;

    public double? RepeatMinutes { get; set; } = 240;

    public bool SendsResolved { get; set; } = true;

    public int? MaxPerHour { get; set; } = 60;

    /// <summary>Returns what is wrong with a member or those below it, or <see langword="null"/>.</summary>
    public string? Error(string member) =>
        _errors.Find(error => error.Pointer == "/" + member || error.Pointer?.StartsWith("/" + member + "/", StringComparison.Ordinal) == true) is { } found ? Words(found.Detail) : null;

    /// <summary>Returns what is wrong without a field of its own, or <see langword="null"/>.</summary>
    public string? OtherError => _errors.Find(error => string.IsNullOrEmpty(error.Pointer))?.Detail;

    /// <summary>Returns the receiver, or <see langword="null"/> with errors.</summary>
    public ReceiverDraft? Build()
    {
        _errors.Clear();
        return ReceiverReader.Read(JsonSerializer.SerializeToElement(ToJson()), Loaded, _errors);
    }

    /// <summary>Shows the mistakes that were found when it was to be stored.</summary>
    public void Show(IEnumerable<ValidationError> errors)
    {
        _errors.Clear();
        _errors.AddRange(errors);
    }

    /// <summary>Goes on editing over another version.</summary>
    public void Rebase(AlertReceiver receiver) => Loaded = receiver;

    private JsonObject ToJson()
    {
        var body = new JsonObject
        {
            ["name"] = Name?.Trim() ?? "",
            ["kind"] = Kind.WireName(),
            ["enabled"] = IsEnabled,
            ["routes"] = new JsonArray([.. Routes.Select(ToJson)]),
            ["group_by"] = ToList(GroupBy),
            ["group_wait_seconds"] = WaitSeconds ?? -1,
            ["group_interval_seconds"] = IntervalSeconds ?? -1,
            ["repeat_interval_seconds"] = RepeatMinutes * 60 ?? -1,
            ["send_resolved"] = SendsResolved,
            ["max_messages_per_hour"] = MaxPerHour ?? 0,
        };
        if (Kind == ReceiverKind.Email)
        {
            body["smtp_host"] = Host?.Trim() ?? "";
            body["smtp_port"] = Port;
            body["smtp_security"] = Security.WireName();
            body["smtp_user"] = string.IsNullOrWhiteSpace(User) ? null : User.Trim();
            body["from"] = From?.Trim() ?? "";
            body["to"] = ToList(To);
        }
        else
        {
            body["url"] = Url?.Trim() ?? "";
        }

        Add("secret", Secret, RemovesSecret);
        Add("bearer_token", Token, RemovesToken);
        foreach (string missing in body.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            body.Remove(missing);
        }

        return body;

        void Add(string name, string? value, bool isRemoved)
        {
            if (isRemoved || !string.IsNullOrEmpty(value))
            {
                body[name] = isRemoved ? "" : value;
            }
        }
    }

    private static JsonNode ToJson(RouteRow row)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in LabelRow.ToLabels(row.Labels))
        {
            labels[name] = value;
        }

        var route = new JsonObject { ["labels"] = labels };
        if (row.MinSeverity is { } least)
        {
            route["min_severity"] = least.WireName();
        }

        if (row.Severity is { } only)
        {
            route["severity"] = only.WireName();
        }

        return route;
    }

    private static JsonArray ToList(string? text) => new([.. (text ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => (JsonNode)one)]);

    /// <summary>Errors name members as they are on the wire; a person reads the label of the field beside it.</summary>
    private static string Words(string detail)
    {
        if (detail.EndsWith(" is missing.", StringComparison.Ordinal))
        {
            return "Enter a value.";
        }

        foreach (var (member, words) in Members)
        {
            if (detail.StartsWith(member + " ", StringComparison.Ordinal))
            {
                return words + detail[member.Length..];
            }
        }

        return detail;
    }
}
