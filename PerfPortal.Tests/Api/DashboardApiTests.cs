using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class DashboardApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Fact]
    public async Task It_has_the_shape_of_the_contract_and_null_without_data()
    {
        var answer = (await Client.GetAsync("dashboard?source=nobody")).Expect(200);
        Assert.Equal(
            ["total_operations_24h", "success_rate", "average_duration", "p95_duration"], Names(answer["performance_summary"]));
        Assert.Equal(0, answer["performance_summary"].GetProperty("total_operations_24h").GetInt32());
        Assert.All(["success_rate", "average_duration", "p95_duration"], name => Assert.Equal(JsonValueKind.Null, answer["performance_summary"].GetProperty(name).ValueKind));
        Assert.Equal(JsonValueKind.Null, answer["performance_score"].GetProperty("value").ValueKind);
        Assert.False(answer["performance_score"].GetProperty("sufficient_data").GetBoolean());
        Assert.Equal(JsonValueKind.Array, answer["performance_score"].GetProperty("deductions").ValueKind);
        Assert.All(["cpu_percent", "memory_percent", "disk_free_gb", "gpu_memory_used_mb", "gpu_utilization_percent"], name => Assert.True(answer["current_resources"].TryGetProperty(name, out _), name));
        Assert.Equal(
            ["analytics_collection", "download_operation", "fallback_strategy", "health_check", "model_operation", "system_resource"],
            Names(answer["operations_by_type"]).Order(StringComparer.Ordinal));
        Assert.All(["active_operations", "recent_activity"], name => Assert.Equal(0, answer[name].GetInt32()));
        Assert.All(["bottlenecks", "recommendations"], name => Assert.Empty(answer[name].EnumerateArray()));
        Assert.Equal(["cpu", "disk", "gpu", "memory", "network"], Names(answer["resource_trends"]).Order(StringComparer.Ordinal));
        Assert.True(answer["generated_at"].GetDateTimeOffset() > SampleReports.Now.AddMinutes(-1));
    }

    [Fact]
    public async Task A_change_shows_though_the_answer_is_cached_and_the_figures_agree()
    {
        string path = "dashboard?source=changing";
        var before = (await Client.GetAsync(path)).Expect(200);
        Assert.Equal(0, before["performance_summary"].GetProperty("total_operations_24h").GetInt32());
        (await Client.PostAsync("operations/batch", new[]
        {
            SampleReports.Ended("d", ("source", "changing"), ("duration_seconds", 1)),
            SampleReports.Ended("d", ("source", "changing"), ("duration_seconds", 2), ("metric_type", "health_check")),
            SampleReports.Ended("d", ("source", "changing"), ("duration_seconds", 6), ("success", false)),
            SampleReports.Ended("d", ("source", "changing"), ("duration_seconds", 50), ("success", null), ("status", "cancelled")),
        })).Expect(200);
        var after = before;
        await Eventually.TrueAsync(
            async () => (after = await Client.GetAsync(path))["performance_summary"].GetProperty("total_operations_24h").GetInt32() == 3, "the dashboard shows what was reported");
        Assert.Equal(2.0 / 3, after["performance_summary"].GetProperty("success_rate").GetDouble(), 12);
        Assert.Equal(3, after["performance_summary"].GetProperty("average_duration").GetDouble(), 6);
        Assert.InRange(after["performance_summary"].GetProperty("p95_duration").GetDouble(), 5.94, 6.06);
        Assert.Equal(2, after["operations_by_type"].GetProperty("model_operation").GetInt32());
        Assert.Equal(1, after["operations_by_type"].GetProperty("health_check").GetInt32());
        Assert.Equal(4, after["recent_activity"].GetInt32());
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);

        (await Client.PostAsync("operations", new { metric_type = "health_check", operation_name = "a", source = "changing" })).Expect(201);
        await Eventually.TrueAsync(async () => (await Client.GetAsync(path))["active_operations"].GetInt32() == 1, "the dashboard shows what runs");
    }

    [Fact]
    public async Task An_answer_that_the_client_has_is_not_sent_again()
    {
        var first = (await Client.GetAsync("dashboard?source=still")).Expect(200);
        Assert.Equal("private, no-cache", first.Headers.CacheControl?.ToString().Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));
        var again = await Client.SendAsync(HttpMethod.Get, "dashboard?source=still", null, ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal("", again.Expect(304).Text);
        (await Client.SendAsync(HttpMethod.Get, "dashboard?source=still", null, ("If-None-Match", "\"other\""))).Expect(200);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
