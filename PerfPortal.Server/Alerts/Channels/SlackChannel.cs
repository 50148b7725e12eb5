using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Sends messages to an incoming webhook of Slack, or of a service that accepts the same: blocks in a coloured attachment, and a text for notifications.</summary>
internal sealed class SlackChannel(AlertHttp http) : IAlertChannel
{
    private const int MaxAlerts = 10;
    private const int MaxSection = 2900;

    /// <inheritdoc/>
    public ReceiverKind Kind => ReceiverKind.Slack;

    /// <inheritdoc/>
    public Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        byte[] body = ChannelJson.Write(Payload(message));
        return http.SendAsync(() => ChannelJson.Post(secret.Url ?? receiver.Url!.AbsoluteUri, body, message, secret), secret, cancellationToken);
    }

    /// <summary>The payload of a message.</summary>
    public static JsonObject Payload(AlertMessage message)
    {
        string title = MessageWords.Title(message);
        var blocks = new JsonArray(
            new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = MessageWords.Cut(title), ["emoji"] = false } });
        foreach (var alert in message.Alerts.Take(MaxAlerts))
        {
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = new JsonObject { ["type"] = "mrkdwn", ["text"] = Section(alert) } });
        }

        int left = message.Alerts.Count - MaxAlerts;
        string footer = (left > 0 ? FormattableString.Invariant($"{left} more alerts in the portal. ") : "") + MessageWords.Footer(message);
        blocks.Add(new JsonObject
        {
            ["type"] = "context",
            ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = Escape(footer) }),
        });
        string sentences = string.Join(' ', message.Alerts.Take(3).Select(alert => alert.Sentence));
        return new()
        {
            ["text"] = Escape(MessageWords.Cut($"{title}. {sentences}", MaxSection)),
            ["attachments"] = new JsonArray(new JsonObject { ["color"] = MessageWords.Color(message), ["fallback"] = Escape(title), ["blocks"] = blocks }),
        };
    }

    private static string Section(AlertNotice alert)
    {
        string name = Escape(alert.RuleName);
        string head = alert.Link is { } link ? $"<{link.AbsoluteUri}|{name.Replace('|', '/')}>" : name;
        var lines = MessageWords.Details(alert).Select(detail => $"{detail.Name}: {Escape(detail.Text)}");
        return MessageWords.Cut($"*{head}* ({MessageWords.State(alert)})\n{string.Join('\n', lines.Prepend(Escape(alert.Sentence)))}", MaxSection);
    }

    /// <summary>Escapes what Slack reads as links and mentions.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
