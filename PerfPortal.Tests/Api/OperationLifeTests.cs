using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class OperationLifeTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_start_answers_201_with_its_location_and_again_200_unchanged()
    {
        var id = Guid.NewGuid();
        var first = (await StartAsync(id, "start-twice")).Expect(201);
        Assert.Equal($"/api/v1/performance/operations/{id}", first.Headers.Location!.ToString());
        Assert.Equal("running", first["status"].GetString());
        Assert.Equal(id, (await Client.GetAsync(first.Headers.Location.ToString())).Expect(200)["id"].GetGuid());

        var again = (await Client.PostAsync("operations", new { id, metric_type = "health_check", operation_name = "another", source = "life" })).Expect(200);
        Assert.Equal("start-twice", again["operation_name"].GetString());
        Assert.Equal("download_operation", again["metric_type"].GetString());
        Assert.Single(await ActiveAsync(id));
    }

    [Fact]
    public async Task A_start_without_an_id_gets_one_of_version_7()
    {
        var started = (await Client.PostAsync("operations", new { metric_type = "health_check", operation_name = "no-id", source = "life" })).Expect(201);
        Assert.Equal(7, started["id"].GetGuid().Version);
    }

    [Fact]
    public async Task Progress_shows_in_the_active_list_with_rate_and_eta()
    {
        var id = Guid.NewGuid();
        (await StartAsync(id, "progressing")).Expect(201);
        double done = 0;
        await Eventually.TrueAsync(async () =>
        {
            done++;
            (await Client.PatchAsync($"operations/{id}", new { progress = new { done, total = 100_000, unit = "files" }, metadata = new { retry_count = 2 } })).Expect(200);
            var entry = Assert.Single(await ActiveAsync(id));
            Assert.Equal(done, entry.GetProperty("progress").GetProperty("done").GetDouble());
            Assert.Equal(done / 100_000, entry.GetProperty("progress").GetProperty("fraction").GetDouble(), 9);
            Assert.Equal(2, entry.GetProperty("metadata").GetProperty("retry_count").GetInt32());
            return entry.GetProperty("rate").ValueKind == System.Text.Json.JsonValueKind.Number
                && entry.GetProperty("rate").GetDouble() > 0
                && entry.GetProperty("eta_seconds").ValueKind == System.Text.Json.JsonValueKind.Object
                && entry.GetProperty("eta_seconds").GetProperty("p90").GetDouble() >= entry.GetProperty("eta_seconds").GetProperty("p50").GetDouble();
        }, "an operation with progress has a rate and an eta");
        (await CompleteAsync(id, new { success = true })).Expect(200);
    }

    [Fact]
    public async Task A_completion_ends_it_once_and_a_contradicting_one_is_a_conflict()
    {
        var id = Guid.NewGuid();
        (await StartAsync(id, "completing")).Expect(201);
        var ended = (await CompleteAsync(id, new { success = false, error_type = "timeout", error_message = "too slow", metadata = new { retry_count = 3 } })).Expect(200);
        Assert.Equal("failed", ended["status"].GetString());
        Assert.False(ended["success"].GetBoolean());
        Assert.Empty(await ActiveAsync(id));

        var again = (await CompleteAsync(id, new { success = false, error_type = "another" })).Expect(200);
        Assert.Equal("timeout", again["error_type"].GetString());
        Assert.Equal(ended["end_time"].GetString(), again["end_time"].GetString());
        (await CompleteAsync(id, new { success = true })).ExpectProblem(409, "failed");
        (await Client.PatchAsync($"operations/{id}", new { })).ExpectProblem(409);

        var stored = (await Client.GetAsync($"operations/{id}")).Expect(200);
        Assert.Equal("timeout", stored["error_type"].GetString());
        Assert.Equal(3, stored["metadata"].GetProperty("retry_count").GetInt32());
        Assert.Equal("started", stored["events"][0].GetProperty("kind").GetString());
        Assert.Equal(200, (await StartAsync(id, "once more")).Code);
    }

    [Fact]
    public async Task An_end_before_the_start_and_one_in_the_future_are_refused_and_the_operation_runs_on()
    {
        var id = Guid.NewGuid();
        (await StartAsync(id, "wrong-end")).Expect(201);
        (await CompleteAsync(id, new { success = true, end_time = SampleReports.Text(SampleReports.Now.AddHours(-2)) })).ExpectProblem(400, "/end_time");
        (await CompleteAsync(id, new { success = true, end_time = SampleReports.Text(SampleReports.Now.AddHours(2)) })).ExpectProblem(400, "/end_time");
        (await CompleteAsync(id, new { success = true, status = "cancelled" })).ExpectProblem(400, "/status");
        Assert.Single(await ActiveAsync(id));
        Assert.Equal("cancelled", (await CompleteAsync(id, new { status = "cancelled" })).Expect(200)["status"].GetString());
    }

    [Fact]
    public async Task An_unknown_id_is_not_found_and_a_bad_one_is_named()
    {
        var id = Guid.NewGuid();
        (await Client.GetAsync($"operations/{id}")).ExpectProblem(404, id.ToString());
        (await Client.PatchAsync($"operations/{id}", new { })).ExpectProblem(404, id.ToString());
        (await CompleteAsync(id, new { success = true })).ExpectProblem(404, id.ToString());
        (await Client.GetAsync("operations/17")).ExpectProblem(400, "UUID");
        (await Client.PatchAsync("operations/17", new { })).ExpectProblem(400, "UUID");
        (await Client.PostAsync("operations/17/complete", new { success = true })).ExpectProblem(400, "UUID");
    }

    [Fact]
    public async Task Every_mistake_of_a_start_is_named_at_once()
    {
        var answer = await Client.PostAsync("operations", new { id = "x", metric_type = "y", operation_name = 7, start_time = "today", trace_id = "00", progress = new { done = -1 } });
        answer.ExpectProblem(400);
        Assert.Equal(
            ["/id", "/metric_type", "/operation_name", "/progress/done", "/start_time", "/trace_id"],
            answer["errors"].EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_item_with_the_id_of_an_active_operation_completes_that_one()
    {
        var id = Guid.NewGuid();
        (await StartAsync(id, "ends-by-batch")).Expect(201);
        (await Client.PostAsync("operations/batch", new[] { SampleReports.Ended("other name", ("id", id), ("start_time", SampleReports.Text(SampleReports.Now)), ("duration_seconds", 0.5)) })).Expect(200);

        Assert.Empty(await ActiveAsync(id));
        var stored = (await Client.GetAsync($"operations/{id}")).Expect(200);
        Assert.Equal("ends-by-batch", stored["operation_name"].GetString());
        Assert.Equal("succeeded", stored["status"].GetString());
    }

    [Fact]
    public async Task A_late_completion_replaces_abandoned_in_row_and_figures()
    {
        await using var strict = await PortalFactory.StartAsync(("AbandonAfterSeconds:download_operation", "1"));
        var id = Guid.NewGuid();
        (await strict.Client.PostAsync("operations", new { id, metric_type = "download_operation", operation_name = "silent", source = "life" })).Expect(201);
        await Eventually.TrueAsync(
            async () => (await strict.Client.GetAsync($"operations/{id}"))["status"].GetString() == "abandoned", "a silent operation is abandoned");
        var before = (await strict.Client.GetAsync("metrics/download_operation"))["statistics"];
        Assert.Equal((0, 1), (before.GetProperty("count").GetInt32(), before.GetProperty("abandoned").GetInt32()));

        (await strict.Client.PostAsync($"operations/{id}/complete", new { success = true })).Expect(200);
        Assert.Equal("succeeded", (await strict.Client.GetAsync($"operations/{id}"))["status"].GetString());
        var after = (await strict.Client.GetAsync("metrics/download_operation"))["statistics"];
        Assert.Equal((1, 0), (after.GetProperty("count").GetInt32(), after.GetProperty("abandoned").GetInt32()));
        (await strict.Client.PostAsync($"operations/{id}/complete", new { success = false })).ExpectProblem(409);
    }

    [Theory]
    [InlineData("end_time", "2026-01-01T00:00:00Z")]
    [InlineData("duration_seconds", 1.5)]
    [InlineData("success", false)]
    [InlineData("status", "succeeded")]
    public async Task A_start_that_states_an_outcome_is_refused_instead_of_running_for_ever(string member, object value)
    {
        var id = Guid.NewGuid();
        var body = new Dictionary<string, object> { ["id"] = id, ["metric_type"] = "health_check", ["operation_name"] = "over", [member] = value };
        (await Client.PostAsync("operations", body)).ExpectProblem(400, member, "POST /operations/batch");
        (await Client.GetAsync($"operations/{id}")).ExpectProblem(404);
    }

    [Fact]
    public async Task A_start_as_the_portal_returned_it_can_be_sent_again()
    {
        string sent = (await StartAsync(Guid.NewGuid(), "echoed")).Expect(201).Text;
        (await Client.PostTextAsync("operations", sent)).Expect(200);
    }

    [Fact]
    public async Task A_batch_item_that_would_overfill_the_metadata_of_its_running_operation_is_rejected_by_name()
    {
        var id = Guid.NewGuid();
        Dictionary<string, int> Members(char prefix) => Enumerable.Range(0, 40).ToDictionary(i => $"{prefix}{i}", i => i);
        (await Client.PostAsync("operations", new { id, metric_type = "download_operation", operation_name = "full", metadata = Members('a') })).Expect(201);
        var item = new { id, metric_type = "download_operation", operation_name = "full", start_time = SampleReports.Text(SampleReports.Now), duration_seconds = 0, success = true, metadata = Members('b') };
        var answer = (await Client.PostAsync("operations/batch", new[] { item })).Expect(200);
        Assert.Contains("metadata would have more than 64 members", Assert.Single(answer["rejected"].EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await Client.PatchAsync($"operations/{id}", new { metadata = Members('b') })).ExpectProblem(400, "more than 64 members");
        Assert.Single(await ActiveAsync(id));
    }

    private Task<Answer> StartAsync(Guid id, string name) =>
        Client.PostAsync("operations", new { id, metric_type = "download_operation", operation_name = name, source = "life" });

    private Task<Answer> CompleteAsync(Guid id, object body) => Client.PostAsync($"operations/{id}/complete", body);

    private async Task<List<System.Text.Json.JsonElement>> ActiveAsync(Guid id) =>
        [.. (await Client.GetAsync("operations/active")).Expect(200)["items"].EnumerateArray().Where(item => item.GetProperty("id").GetGuid() == id)];
}
