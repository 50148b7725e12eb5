using System.Net;
using System.Text.Json;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class DashboardApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Path = "/api/v1/performance/dashboard";

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

    [Fact]
    public async Task The_answer_has_the_headers_of_caching_and_of_security()
    {
        using var answer = await Client.Http.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.True(answer.Content.Headers.ContentLength > 0);
        Assert.True(answer.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.False(answer.Headers.ETag!.IsWeak);
        Assert.Equal(SecurityHeaders.Policy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"other\", {0}")]
    [InlineData("W/{0}")]
    [InlineData("*")]
    public async Task A_known_tag_gets_304(string condition) => await Eventually.TrueAsync(
        async () =>
        {
            var whole = await Client.GetAsync(Path);
            var answer = await AskAsync("If-None-Match", string.Format(null, condition, whole.Headers.ETag!.Tag));
            return answer.Code == 304 && answer.Headers.ETag!.Tag == whole.Headers.ETag.Tag && answer.Headers.Contains("X-Content-Type-Options");
        },
        "an unchanged dashboard gets 304");

    [Fact]
    public async Task Another_tag_gets_the_dashboard() => (await AskAsync("If-None-Match", "\"another\"")).Expect(200);

    [Theory]
    [InlineData("Host", "portal.example")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task A_request_without_access_is_refused_though_the_answer_is_cached(string header, string value)
    {
        var known = (await Client.GetAsync(Path)).Expect(200);
        (await AskAsync(header, value)).ExpectProblem(403);
        (await Client.SendAsync(HttpMethod.Get, Path, null, (header, value), ("If-None-Match", known.Headers.ETag!.Tag))).ExpectProblem(403);
    }

    [Fact]
    public async Task Another_method_and_a_failing_precondition_are_refused()
    {
        (await Client.GetAsync(Path)).Expect(200);
        (await Client.PostAsync(Path, null)).ExpectProblem(405);
        (await AskAsync("If-Match", "\"another\"")).Expect(412);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private Task<Answer> AskAsync(string header, string value) => Client.SendAsync(HttpMethod.Get, Path, null, (header, value));
}
