using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class ThresholdApiTests
{
    private const string Path = "settings/thresholds";

    [Fact]
    public async Task A_change_names_the_version_that_it_starts_from_and_is_remembered()
    {
        await using var portal = await PortalFactory.StartAsync();
        var client = portal.Client;
        var before = (await client.GetAsync(Path)).Expect(200);
        string tag = before.Headers.ETag!.ToString();
        Assert.Equal(30, before["slow_operation_seconds"].GetDouble());

        (await PutAsync(client, null, new { slow_operation_seconds = 2 })).ExpectProblem(428, "If-Match");
        (await PutAsync(client, "\"other\"", new { slow_operation_seconds = 2 })).ExpectProblem(412);
        (await PutAsync(client, tag, new { slow_operation_seconds = 0, failure_rate = 2, high_cpu_percent = "x", resource_share = 1e9 }))
            .ExpectProblem(400, "/slow_operation_seconds", "/failure_rate", "/high_cpu_percent", "/resource_share");
        Assert.Equal(tag, (await client.GetAsync(Path)).Headers.ETag!.ToString());

        var after = (await PutAsync(client, tag, new { slow_operation_seconds = 2 })).Expect(200);
        Assert.Equal(2, after["slow_operation_seconds"].GetDouble());
        Assert.Equal(before["failure_rate"].GetDouble(), after["failure_rate"].GetDouble());
        Assert.NotEqual(tag, after.Headers.ETag!.ToString());
        (await PutAsync(client, tag, new { slow_operation_seconds = 3 })).ExpectProblem(412, "local");

        var change = Assert.Single((await client.GetAsync(Path + "/history")).Expect(200)["items"].EnumerateArray());
        Assert.Equal("local", change.GetProperty("changed_by").GetString());
        var difference = Assert.Single(change.GetProperty("differences").EnumerateArray());
        Assert.Equal(("slow_operation_seconds", 30, 2), (difference.GetProperty("name").GetString(), difference.GetProperty("before").GetDouble(), difference.GetProperty("after").GetDouble()));
    }

    [Fact]
    public async Task Of_ten_changes_at_once_one_wins()
    {
        await using var portal = await PortalFactory.StartAsync();
        string tag = (await portal.Client.GetAsync(Path)).Headers.ETag!.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => PutAsync(portal.Client, tag, new { slow_operation_seconds = 10 + i })));
        Assert.Equal(1, answers.Count(answer => answer.Code == 200));
        Assert.Equal(9, answers.Count(answer => answer.Code == 412));
    }

    [Fact]
    public async Task A_change_is_in_force_at_the_next_analysis_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            var items = Enumerable.Range(0, 100).Select(_ => SampleReports.Ended("five seconds")).ToList();
            (await portal.Client.PostAsync("operations/batch", items)).Expect(200);
            Assert.DoesNotContain("five seconds", await BottlenecksAsync(portal.Client), StringComparison.Ordinal);
            string tag = (await portal.Client.GetAsync(Path)).Headers.ETag!.ToString();
            (await PutAsync(portal.Client, tag, new { slow_operation_seconds = 1 })).Expect(200);
            Assert.Contains("five seconds", await BottlenecksAsync(portal.Client), StringComparison.Ordinal);
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        Assert.Equal(1, (await again.Client.GetAsync(Path)).Expect(200)["slow_operation_seconds"].GetDouble());
        Assert.Contains("five seconds", await BottlenecksAsync(again.Client), StringComparison.Ordinal);
    }

    private static async Task<string> BottlenecksAsync(PortalClient client) =>
        (await client.SendAsync(HttpMethod.Post, "optimize", null)).Expect(200)["bottlenecks"].GetRawText();

    private static Task<Answer> PutAsync(PortalClient client, string? tag, object body) =>
        client.SendAsync(HttpMethod.Put, Path, PortalClient.Json(body), tag is null ? [] : [("If-Match", tag)]);
}
