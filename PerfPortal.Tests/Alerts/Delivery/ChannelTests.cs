using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Alerts;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Alerts.Receivers;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class ChannelTests : IAsyncLifetime
{
    private static readonly PortalOptions Options = new() { PublicUrl = new("https://perf.example.com/portal") };
    private readonly ServiceProvider _services = Services(allowsPrivate: true);
    private LoopbackReceiver _receiver = null!;

    private AlertHttp Http => new(_services.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);

    private AlertReceiver Target => Receiver() with { Url = new(_receiver.Url + "/hook") };

    public async ValueTask InitializeAsync() => _receiver = await LoopbackReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_gets_the_payload_of_Alertmanager_with_key_token_and_a_signature_that_can_be_checked()
    {
        var message = Message(Alert().Explained(), Alert("gpu-2").Resolved(Start.AddMinutes(3))) with { Truncated = 7 };
        var answer = await new WebhookChannel(Http, Options, TimeProvider.System).SendAsync(Target, new() { Secret = "a-signing-key", Token = "token-1" }, message, None);
        Assert.Equal((DeliveryOutcome.Accepted, "200 OK: ok", 200), (answer.Outcome, answer.Text, answer.Status));
        var request = Assert.Single(_receiver.Requests);
        Assert.Equal(("POST", "/hook", message.Key, "Bearer token-1"), (request.Method, request.Path, request.Headers["Idempotency-Key"], request.Headers["Authorization"]));
        Assert.Equal("2026-03-01T12:05:00.000Z", request.Headers["X-PerfPortal-Composed-At"]);
        string[] signature = request.Headers["X-PerfPortal-Signature"].Split(',');
        byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes("a-signing-key"), Encoding.UTF8.GetBytes(signature[0][2..] + "." + request.Body));
        Assert.Equal("v1=" + Convert.ToHexStringLower(expected), signature[1]);

        var json = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal(
            ["receiver", "status", "alerts", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "version", "groupKey", "truncatedAlerts"],
            json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("4", "firing", 7, "https://perf.example.com/portal"), (json.GetProperty("version").GetString(), json.GetProperty("status").GetString(), json.GetProperty("truncatedAlerts").GetInt32(), json.GetProperty("externalURL").GetString()));
        var alerts = json.GetProperty("alerts").EnumerateArray().ToList();
        Assert.Equal(["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"], alerts[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("firing", "0001-01-01T00:00:00Z"), (alerts[0].GetProperty("status").GetString(), alerts[0].GetProperty("endsAt").GetString()));
        Assert.Equal(("resolved", "2026-03-01T12:03:00.000Z"), (alerts[1].GetProperty("status").GetString(), alerts[1].GetProperty("endsAt").GetString()));
        Assert.Equal("https://wiki.example.com/high-cpu", alerts[0].GetProperty("annotations").GetProperty("runbook_url").GetString());
        Assert.Equal("2026-03-01T12:05:00.000Z", json.GetProperty("commonAnnotations").GetProperty("composed_at").GetString());
        Assert.False(json.GetProperty("commonLabels").TryGetProperty("source", out _));
        Assert.Equal("High CPU", json.GetProperty("commonLabels").GetProperty("alertname").GetString());
    }

    [Fact]
    public void Without_a_public_address_links_are_empty_where_Alertmanager_always_has_them_and_absent_elsewhere()
    {
        var message = Message() with { Alerts = [AlertNotices.Of(Alert(), null, Start)] };
        var json = JsonSerializer.SerializeToElement(WebhookPayload.Of(Receiver(), message, null));
        Assert.Equal("", json.GetProperty("externalURL").GetString());
        Assert.Equal("", json.GetProperty("alerts")[0].GetProperty("generatorURL").GetString());
        Assert.False(AlertmanagerChannel.Payload(message, Start)[0]!.AsObject().ContainsKey("generatorURL"));
    }

    [Fact]
    public void Operations_that_had_ended_are_not_said_to_be_running()
    {
        var alert = Alert().Explained();
        var running = alert.Explanation!.Running[0];
        string[] Words(params RunningOperation[] operations) =>
            [.. MessageWords.Details(AlertNotices.Of(alert with { Explanation = alert.Explanation with { Running = operations } }, null, Start)).Where(detail => detail.Name.StartsWith('R')).Select(detail => $"{detail.Name}: {detail.Text}")];
        Assert.Equal(["Running: llama-3 (72 %)"], Words(running));
        Assert.Equal(["Ran before: llama-3 (72 %), llama-3 (20 %, ended 11:58 UTC)"], Words(running, running with { Share = 0.2, EndedAt = Start.AddMinutes(-2) }));
    }

    [Theory]
    [InlineData(200, DeliveryOutcome.Accepted)]
    [InlineData(202, DeliveryOutcome.Accepted)]
    [InlineData(301, DeliveryOutcome.Refused)]
    [InlineData(400, DeliveryOutcome.Refused)]
    [InlineData(404, DeliveryOutcome.Refused)]
    [InlineData(408, DeliveryOutcome.Unavailable)]
    [InlineData(429, DeliveryOutcome.Unavailable)]
    [InlineData(500, DeliveryOutcome.Failed)]
    [InlineData(503, DeliveryOutcome.Unavailable)]
    public async Task The_status_decides_what_happens_next(int status, DeliveryOutcome outcome)
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://elsewhere.example.com/";
            return Task.CompletedTask;
        };
        var answer = await SendAsync();
        Assert.Equal((outcome, status), (answer.Outcome, answer.Status));
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task A_gateway_that_fails_briefly_is_tried_again_at_once_with_the_same_key()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = _receiver.Requests.Count < 3 ? 502 : 200;
            return Task.CompletedTask;
        };
        Assert.Equal(DeliveryOutcome.Accepted, (await SendAsync()).Outcome);
        Assert.Equal(3, _receiver.Requests.Count);
        Assert.Single(_receiver.Requests.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("date", 90)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 0)]
    [InlineData("soon", null)]
    public async Task Retry_After_is_read_in_both_forms(string header, int? seconds)
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = header == "date" ? DateTimeOffset.UnixEpoch.Add(TimeProvider.System.GetUtcNow().AddSeconds(90) - DateTimeOffset.UnixEpoch).ToString("R") : header;
            return Task.CompletedTask;
        };
        var asked = (await SendAsync()).RetryAfter;
        Assert.Equal(seconds is null, asked is null);
        if (seconds is { } expected)
        {
            Assert.InRange(asked!.Value.TotalSeconds, expected - 3, expected);
        }
    }

    [Fact]
    public async Task An_answer_is_bounded_on_one_line_and_without_secrets()
    {
        string token = "T0/B0/" + new string('x', 24);
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync($"no service for /services/{token}\r\n\u0007 token-123456 {new string('y', 100_000)}");
        };
        var secret = new ReceiverSecret { Url = $"{_receiver.Url}/services/{token}", Token = "token-123456" };
        var answer = await new SlackChannel(Http).SendAsync(Target, secret, Message(Alert()), None);
        Assert.DoesNotContain(token, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("token-123456", answer.Text, StringComparison.Ordinal);
        Assert.StartsWith("404 Not Found: no service for ***", answer.Text, StringComparison.Ordinal);
        Assert.True(answer.Text.Length <= DeliveryAnswer.MaxText && !answer.Text.Any(char.IsControl));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_unavailable_and_a_private_one_is_refused()
    {
        string url = _receiver.Url;
        await _receiver.DisposeAsync();
        var answer = await new WebhookChannel(Http, Options, TimeProvider.System).SendAsync(Receiver() with { Url = new(url) }, ReceiverSecret.None, Message(Alert()), None);
        Assert.Equal(DeliveryOutcome.Unavailable, answer.Outcome);
        Assert.Contains("refused", answer.Text, StringComparison.OrdinalIgnoreCase);
        await using var guarded = Services(allowsPrivate: false);
        var http = new AlertHttp(guarded.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);
        foreach (string target in new[] { "http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost:1/", "http://169.254.169.254/latest/meta-data/", "http://2130706433/" })
        {
            answer = await new WebhookChannel(http, Options, TimeProvider.System).SendAsync(Receiver() with { Url = new(target) }, ReceiverSecret.None, Message(Alert()), None);
            Assert.Equal(DeliveryOutcome.Refused, answer.Outcome);
            Assert.Contains("AllowPrivateTargets", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Slack_gets_a_fallback_text_and_blocks_within_its_limits_with_mentions_escaped()
    {
        var alerts = Enumerable.Range(0, 50).Select(i => Alert($"gpu-{i}", "<!channel> & co").Explained()).ToArray();
        var payload = SlackChannel.Payload(Message(alerts));
        string text = payload.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Contains("&lt;!channel&gt; &amp; co", payload["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("*<!channel>", text, StringComparison.Ordinal);
        var blocks = payload["attachments"]![0]!["blocks"]!.AsArray();
        Assert.InRange(blocks.Count, 3, 50);
        Assert.All(blocks.Where(block => block!["type"]!.GetValue<string>() == "section"), block => Assert.InRange(block!["text"]!["text"]!.GetValue<string>().Length, 1, 3000));
        Assert.InRange(blocks[0]!["text"]!["text"]!.GetValue<string>().Length, 1, 150);
        Assert.Contains("40 more alerts in the portal.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Teams_gets_an_adaptive_card_of_at_most_28_KB()
    {
        var alerts = Enumerable.Range(0, 50).Select(i => Alert($"gpu-{i}", new string('r', 200)).Explained() with { Note = new string('n', 4000) }).ToArray();
        var payload = TeamsChannel.Payload(Message(alerts));
        Assert.Equal("application/vnd.microsoft.card.adaptive", payload["attachments"]![0]!["contentType"]!.GetValue<string>());
        var card = payload["attachments"]![0]!["content"]!;
        Assert.Equal(("AdaptiveCard", "1.4"), (card["type"]!.GetValue<string>(), card["version"]!.GetValue<string>()));
        Assert.InRange(ChannelJson.Write(payload).Length, 1000, 28_000);
    }

    [Fact]
    public async Task A_connector_of_Teams_that_hides_an_error_in_a_200_has_not_accepted()
    {
        _receiver.Answer = context => context.Response.WriteAsync("Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429");
        var answer = await new TeamsChannel(Http).SendAsync(Target, ReceiverSecret.None, Message(Alert()), None);
        Assert.Equal(DeliveryOutcome.Failed, answer.Outcome);
    }

    [Fact]
    public void A_fingerprint_is_that_of_Prometheus()
    {
        // As Alertmanager 0.25 shows it for these labels.
        var labels = new Dictionary<string, string> { ["severity"] = "info", ["receiver"] = "AM", ["alertname"] = "PerfPortal test" };
        Assert.Equal("e0bdab0b568227af", PrometheusTerms.Fingerprint(labels));
        Assert.Equal(["_1a", "a_b"], PrometheusTerms.Labels(new Dictionary<string, string> { ["1a"] = "x", ["a-b"] = "y", ["empty"] = "" }).Keys);
    }

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private Task<DeliveryAnswer> SendAsync() => new WebhookChannel(Http, Options, TimeProvider.System).SendAsync(Target, ReceiverSecret.None, Message(Alert()), None);

    private static ServiceProvider Services(bool allowsPrivate)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(AlertHttp.ClientName).ConfigurePrimaryHttpMessageHandler(() => AlertsSetup.CreateHandler(new(allowsPrivate)));
        return services.BuildServiceProvider();
    }
}
