using System.Net.Http.Headers;
using System.Text.Json;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Sends messages as Alertmanager's webhook payload, signed when the receiver has a secret.</summary>
internal sealed class WebhookChannel(AlertHttp http, PortalOptions options, TimeProvider time) : IAlertChannel
{
    /// <inheritdoc/>
    public ReceiverKind Kind => ReceiverKind.Webhook;

    /// <inheritdoc/>
    public Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        byte[] body = ChannelJson.Write(WebhookPayload.Of(receiver, message, options.PublicUrl));
        return http.SendAsync(
            () =>
            {
                var request = ChannelJson.Post(secret.Url ?? receiver.Url!.AbsoluteUri, body, message, secret);
                if (secret.Secret is { } key)
                {
                    request.Headers.Add(WebhookSignature.Header, WebhookSignature.Sign(key, time.GetUtcNow(), body));
                }

                return request;
            },
            secret, cancellationToken);
    }
}

/// <summary>What the channels over HTTP share.</summary>
internal static class ChannelJson
{
    /// <summary>The header with the key of a message, which is the same when the message is repeated.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>The header with the time at which a message was composed, which can be long before it arrives.</summary>
    public const string ComposedHeader = "X-PerfPortal-Composed-At";

    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a payload.</summary>
    public static byte[] Write<T>(T payload) => JsonSerializer.SerializeToUtf8Bytes(payload, Options);

    /// <summary>A request with a payload, the key of the message and, if there is one, the token of the receiver.</summary>
    public static HttpRequestMessage Post(string url, byte[] body, AlertMessage message, ReceiverSecret secret)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = content };
        request.Headers.Add(KeyHeader, message.Key);
        request.Headers.Add(ComposedHeader, PrometheusTerms.Time(message.ComposedAt));
        request.Headers.UserAgent.Add(new("PerfPortal", null));
        if (secret.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }
}
