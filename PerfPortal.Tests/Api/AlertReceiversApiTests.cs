using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Tests.Alerts;
using PerfPortal.Tests.Alerts.Delivery;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class AlertReceiversApiTests : IAsyncLifetime
{
    private const string Slack = "https://hooks.slack.com/services/T00000001/B00000001/secret-part-of-the-address";
    private static readonly string[] Recipient = ["a@b.example"];
    private PortalFactory _portal = null!;

    private PortalClient Client => _portal.Client;

    public async ValueTask InitializeAsync() => _portal = await PortalFactory.StartAsync(("Alerts:AllowPrivateTargets", "true"));

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task A_receiver_is_added_read_changed_and_removed()
    {
        var added = (await Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = "http://127.0.0.1:1/hook", secret = "a-signing-key", routes = new[] { new { min_severity = "warning", labels = new { team = "ml" } } } })).Expect(201);
        string id = added["id"].GetString()!;
        Assert.Equal("\"receiver-1\"", added.Headers.ETag!.Tag);
        Assert.EndsWith("/alerts/receivers/" + id, added.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["secret"], added["secrets"].EnumerateArray().Select(name => name.GetString()));
        var read = (await Client.GetAsync("alerts/receivers/" + id)).Expect(200);
        Assert.Equal(("http://127.0.0.1:1/hook", 30, 60), (read["url"].GetString(), read["group_wait_seconds"].GetDouble(), read["max_messages_per_hour"].GetInt32()));
        Assert.Equal("ml", read["routes"][0].GetProperty("labels").GetProperty("team").GetString());

        var change = JsonNode.Parse(read.Text)!.AsObject();
        change["name"] = "Night shift";
        change["enabled"] = false;
        (await PutAsync(id, change, null)).ExpectProblem(428, "If-Match");
        (await PutAsync(id, change, "\"receiver-7\"")).ExpectProblem(412);
        var changed = (await PutAsync(id, change, "\"receiver-1\"")).Expect(200);
        Assert.Equal(("Night shift", false, "\"receiver-2\""), (changed["name"].GetString(), changed["enabled"].GetBoolean(), changed.Headers.ETag!.Tag));
        Assert.Equal(["secret"], changed["secrets"].EnumerateArray().Select(name => name.GetString()));
        change["secret"] = "";
        Assert.Empty((await PutAsync(id, change, "\"receiver-2\"")).Expect(200)["secrets"].EnumerateArray());
        Assert.Equal("Night shift", Assert.Single((await Client.GetAsync("alerts/receivers")).Expect(200)["items"].EnumerateArray()).GetProperty("name").GetString());
        (await Client.SendAsync(HttpMethod.Delete, "alerts/receivers/" + id, null)).Expect(204);
        (await Client.SendAsync(HttpMethod.Delete, "alerts/receivers/" + id, null)).ExpectProblem(404);
        (await Client.GetAsync("alerts/receivers/" + id)).ExpectProblem(404);
    }

    [Fact]
    public async Task Secrets_are_stored_encrypted_and_never_returned()
    {
        var added = (await Client.PostAsync("alerts/receivers", new { name = "Chat", kind = "slack", url = Slack })).Expect(201);
        string id = added["id"].GetString()!;
        Assert.Equal("https://hooks.slack.com/…", added["url"].GetString());
        var kept = (await PutAsync(id, JsonNode.Parse(added.Text)!.AsObject(), "\"receiver-1\"")).Expect(200);
        foreach (var answer in new[] { added, kept, await Client.GetAsync("alerts/receivers"), await Client.GetAsync("alerts/receivers/" + id) })
        {
            Assert.DoesNotContain("secret-part", answer.Text, StringComparison.Ordinal);
        }

        byte[]? stored = await _portal.Services.GetRequiredService<IDeliveryStore>().ReadSecretAsync(id, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("secret-part", Encoding.Latin1.GetString(stored!), StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(_portal.Directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".owner", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain("secret-part", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_test_returns_what_the_receiver_answered()
    {
        await using var receiver = await LoopbackReceiver.StartAsync();
        string id = (await Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = receiver.Url + "/hook?token=very-secret", secret = "a-signing-key" })).Expect(201)["id"].GetString()!;
        var told = (await Client.PostAsync($"alerts/receivers/{id}/test", null)).Expect(200);
        Assert.Equal((true, "accepted", 200, "200 OK: ok"), (told["accepted"].GetBoolean(), told["outcome"].GetString(), told["status"].GetInt32(), told["text"].GetString()));
        Assert.True(told["milliseconds"].GetDouble() > 0);
        Assert.Equal("PublicUrl is not set: messages contain no links to the portal.", told["note"].GetString());
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("/hook?token=very-secret", request.Path);
        Assert.Contains("This is a test of the receiver On call, sent by local. Nothing is wrong.", request.Body, StringComparison.Ordinal);
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("invalid token very-secret");
        };
        told = (await Client.PostAsync($"alerts/receivers/{id}/test", null)).Expect(200);
        Assert.Equal((false, "refused", 403, "403 Forbidden: invalid token ***"), (told["accepted"].GetBoolean(), told["outcome"].GetString(), told["status"].GetInt32(), told["text"].GetString()));
        await receiver.DisposeAsync();
        told = (await Client.PostAsync($"alerts/receivers/{id}/test", null)).Expect(200);
        Assert.Equal(("unavailable", JsonValueKind.Null), (told["outcome"].GetString(), told["status"].ValueKind));
    }

    [Theory]
    [InlineData("""{"kind":"webhook","url":"http://a.example"}""", "/name", "name is missing.")]
    [InlineData("""{"name":"a"}""", "/kind", "kind is missing.")]
    [InlineData("""{"name":"a","kind":"pager"}""", "/kind", "kind must be one of webhook, slack, teams, email, alertmanager.")]
    [InlineData("""{"name":"a","kind":"webhook"}""", "/url", "url is missing.")]
    [InlineData("""{"name":"a","kind":"webhook","url":"ftp://a.example"}""", "/url", "absolute http:// or https://")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://user:word@a.example"}""", "/url", "must not contain a user name or password")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","secret":"short"}""", "/secret", "at least 8 characters")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","bearer_token":"a\r\nX-Evil: 1"}""", "/bearer_token", "printable ASCII")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","repeat_interval_seconds":10}""", "/repeat_interval_seconds", "at least 300")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","max_messages_per_hour":0}""", "/max_messages_per_hour", "from 1 to 3600")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","routes":[{"severity":"bad"}]}""", "/routes/0/severity", "must be one of info, warning, critical")]
    [InlineData("""{"name":"a","kind":"email","smtp_host":"mail.example","from":"a@b.example","to":[]}""", "/to", "to is missing.")]
    [InlineData("""{"name":"a","kind":"email","smtp_host":"mail.example","from":"a@b.example","to":["nobody"]}""", "/to", "\"nobody\", which is not an e-mail address")]
    [InlineData("""{"name":"a","kind":"email","smtp_host":"mail.example","from":"a@b.example\r\nBcc: c@d.example","to":["a@b.example"]}""", "/from", "must be an e-mail address")]
    [InlineData("""{"name":"a","kind":"email","smtp_host":"http://mail.example","from":"a@b.example","to":["a@b.example"]}""", "/smtp_host", "without a scheme")]
    [InlineData("""{"name":"a","kind":"email","smtp_host":"mail.example","smtp_security":"none","smtp_user":"u","from":"a@b.example","to":["a@b.example"]}""", "/smtp_security", "in clear text")]
    [InlineData("""{"name":"a\nb","kind":"webhook","url":"https://a.example"}""", "/name", "control characters")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","groupby":["source"]}""", "/groupby", "did you mean group_by?")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","routes":[{},{"min_severty":"critical"}]}""", "/routes/1/min_severty", "routes.1 has no member min_severty; did you mean min_severity?")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","routes":[{"labels":{"team name":"x"}}]}""", "/routes/0/labels", "\"team name\" has not")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","group_by":["alertname","metric type"]}""", "/group_by", "\"metric type\", which no label can be called")]
    [InlineData("""{"name":"a","kind":"webhook","url":"https://a.example","group_by":["..."]}""", "/group_by", "letters, digits and underscores")]
    public async Task A_receiver_that_is_not_valid_is_rejected_with_field_and_limit(string body, string pointer, string detail)
    {
        var answer = (await Client.PostAsync("alerts/receivers", JsonSerializer.Deserialize<JsonElement>(body))).Expect(400);
        Assert.Contains(answer["errors"].EnumerateArray(), error =>
            error.GetProperty("pointer").GetString() == pointer && error.GetProperty("detail").GetString()!.Contains(detail, StringComparison.Ordinal));
        Assert.Empty((await Client.GetAsync("alerts/receivers"))["items"].EnumerateArray());
    }

    [Fact]
    public async Task Too_many_receivers_routes_and_labels_are_clear_errors()
    {
        object Body(string name, object? routes = null) => new { name, kind = "webhook", url = "https://a.example", routes };
        (await Client.PostAsync("alerts/receivers", Body("a", Enumerable.Range(0, 21).Select(_ => new { })))).ExpectProblem(400, "/routes", "routes has 21 items; at most 20 are accepted.");
        var labels = Enumerable.Range(0, 4_000).ToDictionary(i => $"l{i}", _ => "x");
        (await Client.PostAsync("alerts/receivers", Body("a", new[] { new { labels } }))).ExpectProblem(400, "/routes/0/labels", "labels has 4,000 members; at most 20 are accepted.");
        labels = Enumerable.Range(0, 10_000).ToDictionary(i => $"l{i}", _ => "x");
        (await Client.PostAsync("alerts/receivers", Body("a", new[] { new { labels } }))).ExpectProblem(400, "/routes/0/labels", "labels has 10,000 members; at most 20 are accepted.");
        for (int i = 0; i < AlertReceiver.MaxReceivers; i++)
        {
            (await Client.PostAsync("alerts/receivers", Body($"r{i}"))).Expect(201);
        }

        (await Client.PostAsync("alerts/receivers", Body("one more"))).ExpectProblem(409, "At most 50 receivers");
    }

    [Fact]
    public async Task A_name_is_unique_and_a_kind_stays()
    {
        string id = (await Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = "https://a.example" })).Expect(201)["id"].GetString()!;
        (await Client.PostAsync("alerts/receivers", new { name = "on CALL", kind = "webhook", url = "https://a.example" })).ExpectProblem(400, "/name", "another receiver");
        (await PutAsync(id, new { name = "On call", kind = "slack", url = Slack }, "\"receiver-1\"")).ExpectProblem(400, "/kind", "cannot be changed from webhook");
        (await PutAsync("unknown", new { name = "On call", kind = "slack", url = Slack }, "\"receiver-1\"")).ExpectProblem(404);
    }

    [Fact]
    public async Task Private_targets_are_refused_when_a_receiver_is_saved_unless_they_are_allowed()
    {
        await using var portal = await PortalFactory.StartAsync();
        foreach (string host in new[] { "127.0.0.1", "localhost", "169.254.169.254", "[::1]", "10.1.2.3", "[::ffff:10.1.2.3]", "0x7f000001" })
        {
            (await portal.Client.PostAsync("alerts/receivers", new { name = "a", kind = "webhook", url = $"http://{host}/hook" })).ExpectProblem(400, "/url", "PerfPortal:Alerts:AllowPrivateTargets");
        }

        (await portal.Client.PostAsync("alerts/receivers", new { name = "a", kind = "email", smtp_host = "192.168.1.1", from = "a@b.example", to = Recipient })).ExpectProblem(400, "/smtp_host", "a private address");
        string id = (await portal.Client.PostAsync("alerts/receivers", new { name = "a", kind = "webhook", url = "https://no-such-host.invalid/hook" })).Expect(201)["id"].GetString()!;
        Assert.Equal("unavailable", (await portal.Client.PostAsync($"alerts/receivers/{id}/test", null)).Expect(200)["outcome"].GetString());
    }

    [Fact]
    public async Task An_alert_that_fires_and_resolves_reaches_its_receiver_and_its_history()
    {
        await using var receiver = await LoopbackReceiver.StartAsync();
        var source = new FakeAlertSource { IsAbsentOver = true };
        source.Rules.Add(new() { Id = "test", Name = "High CPU", Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80 });

        // What is older than 90 days the portal deletes in the background, and what lies in the future is not told yet.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(10));
        await using var portal = await PortalFactory.StartWithAsync(services => services.AddSingleton<IAlertSource>(new FakeAlertSource()).AddSingleton(new TargetGuard(true)));

        // The portal's own engine evaluates nothing, and must not adopt the alert.
        await portal.Services.GetRequiredService<AlertEngine>().ReadAsync(TestContext.Current.CancellationToken);
        string id = (await portal.Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = receiver.Url, group_wait_seconds = 0, group_interval_seconds = 0 })).Expect(201)["id"].GetString()!;
        var alerts = portal.Services.GetRequiredService<IAlertStore>();
        using var engine = new AlertEngine(alerts, portal.Services.GetRequiredService<IDeliveryStore>(), source, clock);
        foreach (double value in new[] { 96.5, 20 })
        {
            source.Values[("test", "gpu-1")] = value;
            clock.Advance(TimeSpan.FromMinutes(1));
            await engine.EvaluateAsync(TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => Task.FromResult(receiver.Requests.Count == (value > 80 ? 1 : 2)), "the message has arrived");
        }

        Assert.Equal(["firing", "resolved"], receiver.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("status").GetString()));
        string alert = (await engine.ReadAsync(TestContext.Current.CancellationToken)).Resolved.Single().Id;
        await Eventually.TrueAsync(
            async () => (await portal.Client.GetAsync($"alerts/deliveries?receiver_id={id}&alert_id={alert}"))["items"].EnumerateArray().Count(item => item.GetProperty("status").GetString() == "delivered") == 2,
            "both results are stored");
        var events = await alerts.ReadEventsAsync(alert, TestContext.Current.CancellationToken);
        Assert.Equal(["On call was told: 200 OK: ok", "On call was told that it resolved: 200 OK: ok"], events.Where(one => one.Kind == AlertEventKind.Delivered).Select(one => one.Text));
    }

    [Fact]
    public async Task Messages_behind_one_that_a_receiver_did_not_take_say_what_they_wait_for_and_the_receiver_says_that_it_is_failing()
    {
        // What the dispatcher finds, it must not change meanwhile.
        var sender = new FakeSender();
        await using var portal = await PortalFactory.StartWithAsync(services => services.AddSingleton<IAlertSource>(new FakeAlertSource()).AddSingleton(new TargetGuard(true)).AddSingleton<IAlertSender>(sender));
        string id = (await portal.Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = "http://127.0.0.1:1/hook" })).Expect(201)["id"].GetString()!;
        var sending = new TaskCompletionSource();
        sender.Slow[id] = sending.Task;
        var store = portal.Services.GetRequiredService<IDeliveryStore>();
        var now = TimeProvider.System.GetUtcNow();
        AlertDelivery Of(string key, DateTimeOffset at) => new() { ReceiverId = id, Message = Messages.Message(Messages.Alert()) with { Key = key, GroupKey = key, ComposedAt = at }, NextAttemptAt = at };
        var tried = RetrySchedule.After(Of("first", now.AddMinutes(-9)), new(DeliveryOutcome.Unavailable, "The connection failed.", RetryAfter: TimeSpan.FromMinutes(30)), now.AddMinutes(-8), 0);
        await store.ComposeAsync(tried, [], TestContext.Current.CancellationToken);
        await store.ComposeAsync(Of("second", now.AddMinutes(-7)), [], TestContext.Current.CancellationToken);
        var items = (await portal.Client.GetAsync("alerts/deliveries")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.Equal(("second", JsonValueKind.Null, "first"), (items[0].GetProperty("key").GetString(), items[0].GetProperty("next_attempt_at").ValueKind, items[0].GetProperty("waits_for_key").GetString()));
        Assert.Contains("not available", items[0].GetProperty("wait_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(tried.NextAttemptAt, items[1].GetProperty("next_attempt_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(JsonValueKind.Null, items[1].GetProperty("waits_for_key").ValueKind);
        foreach (var receiver in new[] { (await portal.Client.GetAsync("alerts/receivers")).Expect(200)["items"][0], (await portal.Client.GetAsync("alerts/receivers/" + id)).Expect(200).Json })
        {
            Assert.Equal((2, "The connection failed.", JsonValueKind.Null), (receiver.GetProperty("waiting").GetInt32(), receiver.GetProperty("last_answer").GetString(), receiver.GetProperty("last_delivered_at").ValueKind));
            Assert.Equal(now.AddMinutes(-8), receiver.GetProperty("failing_since").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        }

        sending.SetResult();
    }

    private Task<Answer> PutAsync(string id, object body, string? tag) =>
        Client.SendAsync(HttpMethod.Put, "alerts/receivers/" + id, PortalClient.Json(body), tag is null ? [] : [("If-Match", tag)]);
}
