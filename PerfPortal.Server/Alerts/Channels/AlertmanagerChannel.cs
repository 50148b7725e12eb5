using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Posts alerts to an Alertmanager (API version 2), which groups and repeats them itself.</summary>
internal sealed class AlertmanagerChannel(AlertHttp http, TimeProvider time) : IAlertChannel
{
    /// <summary>The time after which an Alertmanager regards an alert as resolved that is not posted again.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan TestValidity = TimeSpan.FromMinutes(1);

    private const string Path = "/api/v2/alerts";

    /// <inheritdoc/>
    public ReceiverKind Kind => ReceiverKind.Alertmanager;

    /// <inheritdoc/>
    public Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        string url = secret.Url ?? receiver.Url!.AbsoluteUri;
        byte[] body = ChannelJson.Write(Payload(message, time.GetUtcNow()));
        return http.SendAsync(() => ChannelJson.Post(url.TrimEnd('/').EndsWith(Path, StringComparison.Ordinal) ? url : url.TrimEnd('/') + Path, body, message, secret), secret, cancellationToken);
    }

    /// <summary>The alerts of a message as the API reads them.</summary>
    public static JsonArray Payload(AlertMessage message, DateTimeOffset now) => new([.. message.Alerts.Select(alert => (JsonNode)Payload(alert, message, now))]);

    private static JsonObject Payload(AlertNotice alert, AlertMessage message, DateTimeOffset now)
    {
        var payload = new JsonObject
        {
            ["labels"] = Members(PrometheusTerms.Labels(alert.Labels)),
            ["annotations"] = Members(WebhookAlert.AnnotationsOf(alert)),
            ["startsAt"] = PrometheusTerms.Time(alert.StartsAt),
            ["endsAt"] = PrometheusTerms.Time(alert.EndsAt ?? now + (message.IsTest ? TestValidity : Validity)),
        };
        if (alert.Link is { } link)
        {
            payload["generatorURL"] = link.AbsoluteUri;
        }

        return payload;
    }

    private static JsonObject Members(SortedDictionary<string, string> texts) => new(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))));
}
