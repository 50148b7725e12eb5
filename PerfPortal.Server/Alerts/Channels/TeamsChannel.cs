using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Sends messages to a workflow of Microsoft Teams, as an adaptive card. Texts are runs of text, which Teams does not read as markup.</summary>
internal sealed class TeamsChannel(AlertHttp http) : IAlertChannel
{
    private const int MaxAlerts = 10;
    private const int MaxText = 1500;

    /// <inheritdoc/>
    public ReceiverKind Kind => ReceiverKind.Teams;

    /// <inheritdoc/>
    public async Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        byte[] body = ChannelJson.Write(Payload(message));
        var answer = await http.SendAsync(() => ChannelJson.Post(secret.Url ?? receiver.Url!.AbsoluteUri, body, message, secret), secret, cancellationToken).ConfigureAwait(false);

        // A connector reports errors behind it with status 200.
        return answer.Outcome == DeliveryOutcome.Accepted && answer.Text.Contains("returned HTTP error", StringComparison.OrdinalIgnoreCase)
            ? answer with { Outcome = DeliveryOutcome.Failed }
            : answer;
    }

    /// <summary>The payload of a message.</summary>
    public static JsonObject Payload(AlertMessage message)
    {
        var body = new JsonArray(new JsonObject
        {
            ["type"] = "RichTextBlock",
            ["inlines"] = new JsonArray(Run(MessageWords.Title(message), isStrong: true, size: "Large", color: ColorOf(message))),
        });
        foreach (var alert in message.Alerts.Take(MaxAlerts))
        {
            body.Add(Describe(alert));
        }

        int left = message.Alerts.Count - MaxAlerts;
        string footer = (left > 0 ? FormattableString.Invariant($"{left} more alerts in the portal. ") : "") + MessageWords.Footer(message);
        body.Add(new JsonObject { ["type"] = "RichTextBlock", ["separator"] = true, ["inlines"] = new JsonArray(Run(footer, isSubtle: true, size: "Small")) });
        var actions = new JsonArray();
        if (message.Alerts is [{ Link: { } link }, ..])
        {
            actions.Add(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open in PerfPortal", ["url"] = link.AbsoluteUri });
        }

        return new()
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["fallbackText"] = MessageWords.Title(message),
                    ["msteams"] = new JsonObject { ["width"] = "Full" },
                    ["body"] = body,
                    ["actions"] = actions,
                },
            }),
        };
    }

    private static JsonObject Describe(AlertNotice alert)
    {
        var inlines = new JsonArray(Run($"{alert.RuleName} ({MessageWords.State(alert)}) ", isStrong: true), Run(MessageWords.Cut(alert.Sentence, MaxText)));
        foreach (var (name, text) in MessageWords.Details(alert))
        {
            inlines.Add(Run($"\n{name}: ", isSubtle: true));
            inlines.Add(Run(MessageWords.Cut(text, MaxText / 3)));
        }

        return new() { ["type"] = "RichTextBlock", ["separator"] = true, ["inlines"] = inlines };
    }

    private static JsonObject Run(string text, bool isStrong = false, bool isSubtle = false, string? size = null, string? color = null)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = text };
        if (isStrong)
        {
            run["weight"] = "Bolder";
        }

        if (isSubtle)
        {
            run["isSubtle"] = true;
        }

        if (size is not null)
        {
            run["size"] = size;
        }

        if (color is not null)
        {
            run["color"] = color;
        }

        return run;
    }

    private static string ColorOf(AlertMessage message) => !message.IsFiring ? "Good"
        : message.Alerts.Any(alert => alert.EndsAt is null && alert.Severity == Domain.Alerts.Rules.AlertSeverity.Critical) ? "Attention" : "Warning";
}
