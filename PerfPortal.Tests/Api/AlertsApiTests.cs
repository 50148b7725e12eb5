using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Resources;
using PerfPortal.Tests.Alerts;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class AlertsApiTests : IAsyncLifetime
{
    private static readonly string[] Days = ["sun", "mon"];
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private readonly FakeAlertSource _source = new();
    private PortalFactory _portal = null!;

    private PortalClient Client => _portal.Client;

    public async ValueTask InitializeAsync()
    {
        _source.Rules.Add(new() { Id = "test", Name = "High CPU", Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80 });
        _source.Values[("test", "gpu-1")] = 96.5;
        _portal = await PortalFactory.StartWithAsync(services => services.AddSingleton<IAlertSource>(_source));
        await _portal.Services.GetRequiredService<AlertEngine>().EvaluateAsync(None);
    }

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task An_alert_is_listed_read_acknowledged_and_released_with_its_history()
    {
        string id = await AlertAsync();
        var listed = (await Client.GetAsync("alerts?state=firing&source=gpu-1")).Expect(200).Json;
        var alert = Assert.Single(listed.GetProperty("items").EnumerateArray());
        Assert.Equal((id, "firing", "warning", 96.5), (Text(alert, "id"), Text(alert, "state"), Text(alert, "severity"), alert.GetProperty("value").GetDouble()));
        Assert.StartsWith("CPU of gpu-1 is 96.5 %, above 80 %, since ", Text(alert, "sentence"), StringComparison.Ordinal);

        var taken = (await Client.PostAsync($"alerts/{id}/acknowledge", new { note = "On it." })).Expect(200).Json;
        Assert.Equal("On it.", Text(taken.GetProperty("acknowledged"), "note"));
        var read = (await Client.GetAsync($"alerts/{id}")).Expect(200).Json;
        Assert.Equal("acknowledged", Text(read.GetProperty("events").EnumerateArray().Last(), "kind"));
        var released = (await Client.SendAsync(HttpMethod.Post, $"alerts/{id}/unacknowledge", null)).Expect(200).Json;
        Assert.Equal(JsonValueKind.Null, released.GetProperty("acknowledged").ValueKind);
        (await Client.PostAsync($"alerts/{id}/acknowledge", new { note = new string('x', 1001) })).Expect(400);
        (await Client.SendAsync(HttpMethod.Post, "alerts/unknown/acknowledge", null)).Expect(404);
        (await Client.GetAsync("alerts/unknown")).Expect(404);
    }

    [Fact]
    public async Task A_silence_mutes_at_once_and_its_end_unmutes()
    {
        string id = await AlertAsync();
        var made = (await Client.PostAsync("silences", new { labels = new { source = "gpu-1" }, ends_at = "2100-01-01T00:00:00Z", note = "Maintenance" })).Expect(201).Json;
        Assert.True(made.GetProperty("active").GetBoolean());
        Assert.Equal(Text(made, "id"), Text((await Client.GetAsync($"alerts/{id}")).Json, "silenced_by"));
        Assert.Contains((await Client.GetAsync("silences")).Expect(200).Json.GetProperty("items").EnumerateArray(), item => Text(item, "id") == Text(made, "id"));
        (await DeleteAsync($"silences/{Text(made, "id")}")).Expect(204);
        Assert.Equal(JsonValueKind.Null, (await Client.GetAsync($"alerts/{id}")).Json.GetProperty("silenced_by").ValueKind);
        (await DeleteAsync($"silences/{Text(made, "id")}")).Expect(404);
    }

    [Theory]
    [InlineData("""{ "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/labels")]
    [InlineData("""{ "labels": {}, "note": "x" }""", "/ends_at")]
    [InlineData("""{ "labels": {}, "ends_at": "2020-01-01T00:00:00Z", "note": "x" }""", "/ends_at")]
    [InlineData("""{ "labels": {}, "ends_at": "2100-01-01T00:00:00Z" }""", "/note")]
    [InlineData("""{ "labels": { "source": 3 }, "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/labels/source")]
    [InlineData("""{ "labels": {}, "schedule": { "days": ["monday"], "from": "22:00", "to": "06:00", "time_zone": "Europe/Berlin" }, "note": "x" }""", "/schedule/days")]
    [InlineData("""{ "labels": {}, "schedule": { "days": ["mon"], "from": "25:00", "to": "06:00", "time_zone": "Europe/Berlin" }, "note": "x" }""", "/schedule/from")]
    [InlineData("""{ "labels": {}, "schedule": { "days": ["mon"], "from": "22:00", "to": "06:00", "time_zone": "Mars/Olympus" }, "note": "x" }""", "/schedule/time_zone")]
    public async Task A_silence_that_is_wrong_is_refused_with_the_field(string body, string pointer)
    {
        var answer = (await Client.PostTextAsync("silences", body)).Expect(400).Json;
        Assert.Contains(answer.GetProperty("errors").EnumerateArray(), error => Text(error, "pointer") == pointer);
    }

    [Theory]
    [InlineData("""{ "labels": {}, "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/labels", "name at least one label that alerts have, such as alertname, severity or source. To mute every alert, send every_alert true.")]
    [InlineData("""{ "labels": { "source": "a" }, "every_alert": true, "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/every_alert", "must not be true with labels")]
    [InlineData("""{ "labels": { "source name": "a" }, "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/labels", "\"source name\", which no label can be called")]
    [InlineData("""{ "labels": { "source": "a" }, "ends_at": "2020-01-01T00:00:00Z", "note": "x" }""", "/ends_at", "ends_at is 2020-01-01T00:00:00.000000Z, which lies in the past: it is 2")]
    [InlineData("""{ "labels": { "source": "a" }, "ends_at": "9999-12-31T00:00:00Z", "note": "x" }""", "/ends_at", "ends_at is 9999-12-31T00:00:00.000000Z; it must lie between 1970 and 2200.")]
    [InlineData("""{ "labels": { "source": "a" }, "starts_at": "2101-01-01T00:00:00Z", "ends_at": "2100-01-01T00:00:00Z", "note": "x" }""", "/ends_at", "must be later than starts_at, 2101-")]
    [InlineData("""{ "labels": { "source": "a" }, "ends": "2100-01-01T00:00:00Z", "note": "x" }""", "/ends", "did you mean ends_at?")]
    [InlineData("""{ "labels": { "source": "a" }, "schedule": { "days": ["mon"], "from": "22:00", "to": "06:00", "timezone": "Europe/Berlin" }, "note": "x" }""", "/schedule/timezone", "schedule has no member timezone; did you mean time_zone?")]
    public async Task A_silence_that_is_wrong_says_what_is_allowed(string body, string pointer, string detail)
    {
        var answer = (await Client.PostTextAsync("silences", body)).Expect(400).Json;
        Assert.Contains(answer.GetProperty("errors").EnumerateArray(), error => Text(error, "pointer") == pointer && Text(error, "detail").Contains(detail, StringComparison.Ordinal));

        // Nothing about the end is said twice.
        Assert.Single(answer.GetProperty("errors").EnumerateArray(), error => Text(error, "pointer") == pointer);
    }

    [Fact]
    public async Task Far_too_many_labels_and_a_huge_note_are_told_with_field_and_limit()
    {
        var labels = Enumerable.Range(0, 10_000).ToDictionary(i => $"label_{i}", _ => "x");
        (await Client.PostAsync("silences", new { labels, ends_at = "2100-01-01T00:00:00Z", note = "x" })).ExpectProblem(400, "/labels", "labels has 10,000 members; at most 20 are accepted.");
        (await Client.PostAsync("silences", new { labels = new { source = "a" }, ends_at = "2100-01-01T00:00:00Z", note = new string('x', 200_000) })).ExpectProblem(400, "/note", "note has 200000 characters; at most 1000 are accepted.");
        string id = await AlertAsync();
        (await Client.PostAsync($"alerts/{id}/acknowledge", new { note = new string('x', 200_000) })).ExpectProblem(400, "/note", "at most 1000 are accepted.");
        (await Client.PostAsync($"alerts/{id}/acknowledge", new { notes = "x" })).ExpectProblem(400, "/notes", "did you mean note?");
    }

    [Fact]
    public async Task Every_alert_is_muted_only_when_that_is_said()
    {
        var made = (await Client.PostAsync("silences", new { every_alert = true, ends_at = "2100-01-01T00:00:00Z", note = "x" })).Expect(201).Json;
        Assert.Empty(made.GetProperty("labels").EnumerateObject());
        Assert.True(made.GetProperty("every_alert").GetBoolean());
        (await DeleteAsync($"silences/{Text(made, "id")}")).Expect(204);

        // What was read can be sent again.
        var again = System.Text.Json.Nodes.JsonNode.Parse(made.GetRawText())!;
        string id = Text((await Client.PostAsync("silences", again)).Expect(201).Json, "id");
        (await DeleteAsync($"silences/{id}")).Expect(204);
    }

    [Fact]
    public async Task A_schedule_may_have_no_end()
    {
        var made = (await Client.PostAsync("silences", new
        {
            labels = new { severity = "info" },
            schedule = new { days = Days, from = "22:00", to = "06:00", time_zone = "Europe/Berlin" },
            note = "Nights",
        })).Expect(201).Json;
        Assert.Equal(["mon", "sun"], made.GetProperty("schedule").GetProperty("days").EnumerateArray().Select(day => day.GetString()));
        Assert.Equal(JsonValueKind.Null, made.GetProperty("ends_at").ValueKind);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private async Task<string> AlertAsync() => Text(Assert.Single((await Client.GetAsync("alerts")).Expect(200)["items"].EnumerateArray()), "id");

    private Task<Answer> DeleteAsync(string path) => Client.SendAsync(HttpMethod.Delete, path, null);
}
