using System.Net;
using System.Text.Json;
using PerfPortal.Tests.Security;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class AdviceApiTests
{
    [Fact]
    public async Task An_empty_portal_answers_the_safe_defaults_and_how_long_they_may_be_kept()
    {
        await using var portal = await PortalFactory.StartAsync();
        foreach (string topic in new[] { "download", "health-check", "fallback" })
        {
            var answer = await portal.Client.GetAsync($"advice/{topic}?source=nobody&name=nothing");
            var items = answer.Expect(200)["items"].EnumerateArray().ToList();
            Assert.NotEmpty(items);
            Assert.All(items, item =>
            {
                Assert.Equal(0, item.GetProperty("confidence").GetDouble());
                Assert.Equal(item.GetProperty("safe_default").ToString(), item.GetProperty("value").ToString());
                Assert.False(item.TryGetProperty("is_learned", out _));
            });
        }
    }

    [Theory]
    [InlineData("download?size_bytes=-1", "size_bytes")]
    [InlineData("download?size_bytes=1.5", "size_bytes")]
    [InlineData("download?size_bytes=1000000000000001", "size_bytes")]
    [InlineData("download?size_bytes=many", "size_bytes")]
    [InlineData("download?host=a&host=b", "host")]
    [InlineData("health-check?source=a&source=b", "source")]
    [InlineData("fallback?name=a&name=b", "name")]
    [InlineData("effect?source=a&source=b", "source")]
    public async Task A_wrong_parameter_is_named(string query, string parameter)
    {
        await using var portal = await PortalFactory.StartAsync();
        var problem = (await portal.Client.GetAsync($"advice/{query}")).Expect(400);
        Assert.Equal("/" + parameter, Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_host_that_is_too_long_is_refused()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await portal.Client.GetAsync($"advice/download?host={new string('a', 253)}")).Expect(200);
        (await portal.Client.GetAsync($"advice/download?host={new string('a', 254)}")).Expect(400);
    }

    [Fact]
    public async Task Advice_is_the_same_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        string before;
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            var reports = Enumerable.Range(0, 200).Select(i => SampleReports.Ended(
                "llama", ("metric_type", "download_operation"), ("duration_seconds", 10 + (i % 7)), ("success", i % 10 != 0), ("error_type", i % 10 == 0 ? "timeout" : null),
                ("metadata", new Dictionary<string, object>
                {
                    ["bytes_downloaded"] = 200_000_000,
                    ["url"] = "https://models.example/llama",
                    ["connections"] = 1 << (i % 4),
                    ["retries"] = i % 2 == 0 ? "network 1 failed; network 5 ok" : "",
                    ["advice"] = i % 8 == 1 ? "default" : "advised",
                }))).ToArray();
            Assert.Equal(200, (await portal.Client.PostAsync("operations/batch", reports)).Expect(200)["accepted"].GetInt32());
            before = await LearnedAsync(portal);
            Assert.Contains("retry_delay", before, StringComparison.Ordinal);
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        string after = "";
        for (int i = 0; i < 200 && after != before; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            after = await LearnedAsync(again);
        }

        Assert.Equal(before, after);

        (await again.Client.SendAsync(HttpMethod.Delete, "sources/test", null)).Expect(200);
        Assert.Empty(await LearnedAsync(again));
    }

    [Fact]
    public async Task A_program_that_reports_may_ask_with_the_same_key()
    {
        await using var portal = await PortalFactory.StartTeamAsync();
        foreach (var (key, status) in new[] { (TeamKeys.Read, HttpStatusCode.OK), (TeamKeys.Report, HttpStatusCode.OK), ("wrong", HttpStatusCode.Unauthorized) })
        {
            using var client = portal.Server.CreateClient();
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            using var answer = await client.GetAsync(new Uri("/api/v1/performance/advice/download", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
            if (status == HttpStatusCode.OK)
            {
                Assert.True(answer.Headers.CacheControl is { Private: true, MaxAge.TotalSeconds: > 0 and <= 1800 });
            }
        }
    }

    // What does not depend on the time of the answer.
    private static async Task<string> LearnedAsync(PortalFactory portal) => string.Join('\n', (await portal.Client.GetAsync("advice/download?host=models.example&size_bytes=100000000")).Expect(200)["items"]
        .EnumerateArray().Where(item => item.GetProperty("confidence").GetDouble() > 0 && item.GetProperty("kind").GetString() is not "known_error" and not "bandwidth_share")
        .Select(item => JsonSerializer.Serialize(new { Kind = item.GetProperty("kind"), Subject = item.GetProperty("subject"), Value = item.GetProperty("value"), Reason = item.GetProperty("reason"), Confidence = item.GetProperty("confidence"), Count = item.GetProperty("sample_count") })));
}
