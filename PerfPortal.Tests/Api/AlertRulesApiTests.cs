using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class AlertRulesApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static int _names;

    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_rule_is_added_read_changed_by_its_version_and_deleted()
    {
        var added = (await Client.PostAsync("alerts/rules", Rule())).Expect(201);
        string id = Text(added.Json, "id");
        Assert.Equal($"{PortalClient.Root}alerts/rules/{id}", added.Headers.Location!.ToString());
        Assert.Equal(("source", "above", 300, "%"), (Text(added.Json, "per"), Text(added.Json, "comparison"), added["window_seconds"].GetDouble(), Text(added.Json, "unit")));
        var read = (await Client.GetAsync($"alerts/rules/{id}")).Expect(200);
        string tag = read.Headers.ETag!.ToString();
        Assert.Equal(added.Headers.ETag!.ToString(), tag);

        (await PutAsync(id, Rule(threshold: 90), null)).Expect(428);
        (await PutAsync(id, Rule(threshold: 90), "\"rule-0\"")).Expect(412);
        var changed = (await PutAsync(id, Rule(threshold: 90), tag)).Expect(200);
        Assert.Equal((90, 2), (changed["threshold"].GetDouble(), changed["version"].GetInt64()));
        (await PutAsync(id, Rule(threshold: 95), tag)).Expect(412);
        (await DeleteAsync(id)).Expect(204);
        (await DeleteAsync(id)).Expect(404);
        (await Client.GetAsync($"alerts/rules/{id}")).Expect(404);
    }

    [Fact]
    public async Task A_built_in_rule_is_edited_as_it_was_read_and_reset()
    {
        var read = (await Client.GetAsync("alerts/rules/builtin-low-disk")).Expect(200);
        Assert.Equal(("low_disk_gb", true, false), (read["follows"][0].GetString(), read["built_in"].GetBoolean(), read["provisioned"].GetBoolean()));
        (await DeleteAsync("builtin-low-disk")).ExpectProblem(409, "enabled false");
        var body = JsonSerializer.Deserialize<Dictionary<string, object?>>(read.Text)!;
        body["enabled"] = false;
        var edited = (await PutAsync("builtin-low-disk", body, read.Headers.ETag!.ToString())).Expect(200);
        Assert.Equal((false, 0), (edited["enabled"].GetBoolean(), edited["follows"].GetArrayLength()));
        (await DeleteAsync("builtin-low-disk")).Expect(204);
        Assert.Equal(read.Text, (await Client.GetAsync("alerts/rules/builtin-low-disk")).Text);
    }

    [Theory]
    [InlineData("""{ }""", "/name,/signal,/threshold")]
    [InlineData("""{ "name": "x", "threshold": "high", "signal": { "kind": "cpu" } }""", "/signal/kind,/threshold")]
    [InlineData("""{ "name": "x", "threshold": 5, "signal": { "kind": "resource", "metric": "cpu" } }""", "/signal/metric")]
    [InlineData("""{ "name": "x", "threshold": 500, "window_seconds": 90, "for_seconds": 1e300, "signal": { "kind": "resource", "metric": "cpu_percent" } }""", "/threshold,/window_seconds,/for_seconds")]
    [InlineData("""{ "name": "x", "threshold": 5, "labels": { "a/b": "x", "ok": 3 }, "signal": { "kind": "score" } }""", "/labels/ok")]
    [InlineData("""{ "name": "x", "threshold": 5, "labels": { "a/b": "x" }, "signal": { "kind": "score" } }""", "/labels/a~1b")]
    [InlineData("""{ "name": "x", "threshold": 5, "severity": "loud", "per": "host", "min_operations": 1.5, "signal": { "kind": "score" } }""", "/severity,/per,/min_operations")]
    [InlineData("""{ "name": "High CPU usage", "threshold": 5, "signal": { "kind": "score" } }""", "/name")]
    [InlineData("""{ "name": "x", "threshold": 500, "for_second": 60, "source": "gpu-1", "signal": { "kind": "score", "metrics": "x" }, "scope": { "host": "x" } }""", "/for_second,/source,/signal/metrics,/scope/host,/threshold")]
    public async Task A_rule_that_is_wrong_is_refused_with_every_field_and_nothing_is_saved(string body, string pointers)
    {
        int before = (await Client.GetAsync("alerts/rules"))["items"].GetArrayLength();
        var errors = (await Client.PostTextAsync("alerts/rules", body)).Expect(400)["errors"].EnumerateArray().Select(error => Text(error, "pointer")).ToList();
        Assert.Equal(pointers.Split(',').Order(), errors.Distinct().Order());
        Assert.Equal(before, (await Client.GetAsync("alerts/rules"))["items"].GetArrayLength());
    }

    [Theory]
    [InlineData("\"for_second\": 60", "/for_second", "There is no member for_second; did you mean for_seconds?")]
    [InlineData("\"forSeconds\": 60", "/forSeconds", "There is no member forSeconds; did you mean for_seconds?")]
    [InlineData("\"keep_firing_for\": 60", "/keep_firing_for", "There is no member keep_firing_for; did you mean keep_firing_for_seconds?")]
    [InlineData("\"source\": \"gpu-1\"", "/source", "There is no member source; did you mean scope.source?")]
    [InlineData("\"scope\": { \"sorce\": \"gpu-1\" }", "/scope/sorce", "scope has no member sorce; did you mean source?")]
    [InlineData("\"colour\": 1", "/colour", "There is no member colour; the members are name, enabled, signal,")]
    public async Task A_member_that_a_rule_does_not_have_is_refused_with_the_one_that_was_meant(string member, string pointer, string detail)
    {
        string body = $$"""{ "name": "Typo", "threshold": 5, "signal": { "kind": "resource", "metric": "cpu_percent" }, {{member}} }""";
        (await Client.PostTextAsync("alerts/rules", body)).ExpectProblem(400, pointer, detail);
        (await Client.PostTextAsync("alerts/rules/preview", body)).ExpectProblem(400, pointer, detail);
    }

    [Fact]
    public async Task A_deletion_can_depend_on_the_version()
    {
        var added = (await Client.PostAsync("alerts/rules", Rule())).Expect(201);
        string path = $"alerts/rules/{Text(added.Json, "id")}";
        (await Client.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"rule-0\""))).ExpectProblem(412);
        (await Client.GetAsync(path)).Expect(200);
        (await Client.SendAsync(HttpMethod.Delete, path, null, ("If-Match", added.Headers.ETag!.ToString()))).Expect(204);
        (await Client.SendAsync(HttpMethod.Delete, path, null, ("If-Match", added.Headers.ETag!.ToString()))).Expect(404);
    }

    [Fact]
    public async Task Ten_thousand_labels_are_a_clear_error()
    {
        var answer = (await Client.PostAsync("alerts/rules", Rule(labels: Enumerable.Range(0, 10_000).ToDictionary(i => $"label_{i}", _ => "x")))).Expect(400);
        Assert.Equal("labels has 10,000 members; at most 20 are accepted.", Text(answer["errors"][0], "detail"));
    }

    [Fact]
    public async Task A_preview_replays_the_rule_beside_the_stored_one_and_changes_nothing()
    {
        var body = Rule(threshold: 30, id: "builtin-high-cpu");
        int before = (await Client.GetAsync("alerts/rules"))["items"].GetArrayLength();
        var answer = (await Client.PostAsync("alerts/rules/preview?window=2h", body)).Expect(200);
        Assert.Equal((60, 0), (answer["resolution_seconds"].GetDouble(), answer["fired"].GetInt32()));
        Assert.Equal(JsonValueKind.Object, answer["compared_with"].ValueKind);
        Assert.StartsWith("Not enough data", Text(answer["suggestion"], "sentence"), StringComparison.Ordinal);
        (await Client.PostAsync("alerts/rules/preview?window=32d", body)).ExpectProblem(400, "31 days");
        (await Client.PostAsync("alerts/rules/preview?false_alarm_rate=2", body)).Expect(400);
        Assert.Equal(before, (await Client.GetAsync("alerts/rules"))["items"].GetArrayLength());
        Assert.Equal(0, (await Client.GetAsync("alerts/rules/builtin-high-cpu/noise")).Expect(200)["fired"].GetInt32());
    }

    private static Dictionary<string, object?> Rule(double threshold = 80, string? id = null, Dictionary<string, string>? labels = null) => new()
    {
        ["id"] = id,
        ["name"] = $"Rule {Interlocked.Increment(ref _names)}",
        ["signal"] = new { kind = "resource", metric = "cpu_percent" },
        ["threshold"] = threshold,
        ["labels"] = labels ?? [],
    };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private Task<Answer> PutAsync(string id, object body, string? tag) =>
        Client.SendAsync(HttpMethod.Put, $"alerts/rules/{id}", PortalClient.Json(body), tag is null ? [] : [("If-Match", tag)]);

    private Task<Answer> DeleteAsync(string id) => Client.SendAsync(HttpMethod.Delete, $"alerts/rules/{id}", null);
}
