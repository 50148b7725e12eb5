using System.Text.Json;
using PerfPortal.Server.Views;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Removing sources, and the demonstration data, which is one.</summary>
public sealed class SourcesApiTests
{
    private static readonly string[] DashboardMembers = ["performance_summary", "operations_by_type", "active_operations", "bottlenecks"];

    [Fact]
    public async Task A_removed_source_is_gone_from_every_answer_and_the_others_keep_theirs()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, "keep");
        string before = await AnswersAsync(portal);
        await ReportAsync(portal, "mistpyed");
        string running = (await portal.Client.PostAsync("operations", new { metric_type = "health_check", operation_name = "slow", source = "mistpyed" })).Expect(201)["id"].GetString()!;
        (await portal.Client.PostAsync("optimize", null)).Expect(200);
        var removed = (await DeleteAsync(portal, "mistpyed")).Expect(200);
        Assert.Equal(("mistpyed", 12, 1, 1, true), (
            removed["source"].GetString(), removed["operations"].GetInt32(), removed["running"].GetInt32(), removed["samples"].GetInt32(), removed["is_complete"].GetBoolean()));
        (await portal.Client.GetAsync("operations/" + running)).Expect(404);
        Assert.Equal(before, await AnswersAsync(portal));
        Assert.Empty((await portal.Client.GetAsync("operations/active"))["items"].EnumerateArray());
        (await DeleteAsync(portal, "mistpyed")).ExpectProblem(404, "mistpyed");

        await ReportAsync(portal, "mistpyed");
        Assert.Equal(12, (await portal.Client.GetAsync("metrics/model_operation?source=mistpyed"))["statistics"].GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("rack 7/host é")]
    [InlineData("a+b%?#")]
    public async Task A_source_with_any_characters_is_removed(string source)
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, source);
        var removed = (await DeleteAsync(portal, source)).Expect(200);
        Assert.Equal((source, 12), (removed["source"].GetString(), removed["operations"].GetInt32()));
    }

    [Fact]
    public async Task The_portal_and_its_host_stay()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await DeleteAsync(portal, "perfportal")).ExpectProblem(409, "the portal itself");
        (await DeleteAsync(portal, HostSource.Name)).ExpectProblem(409, "own host");
        (await DeleteAsync(portal, "nobody")).ExpectProblem(404, "nobody");
    }

    [Fact]
    public async Task The_mark_of_removed_sources_cannot_be_reported()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await portal.Client.PostAsync("operations", new { metric_type = "health_check", operation_name = "a", source = "\u0001removed 7" })).ExpectProblem(400, "U+0001");
    }

    [Fact]
    public async Task A_removal_survives_a_restart()
    {
        using var folder = new Settings.TemporaryFolder();
        string before;
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            await ReportAsync(portal, "keep");
            await ReportAsync(portal, "gone");
            (await DeleteAsync(portal, "gone")).Expect(200);
            before = await AnswersAsync(portal);
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        Assert.Equal(before, await AnswersAsync(again));
        (await DeleteAsync(again, "gone")).ExpectProblem(404);
    }

    [Fact]
    public async Task Demonstration_data_is_loaded_once_and_removed_like_any_source()
    {
        using var folder = new Settings.TemporaryFolder();
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            var loaded = (await portal.Client.PostAsync("demonstration", null)).Expect(201);
            Assert.Equal("demo", loaded["source"].GetString());
            Assert.InRange(loaded["operations"].GetInt32(), 2_000, 5_000);
            Assert.Equal((3, 1_440), (loaded["running"].GetInt32(), loaded["samples"].GetInt32()));
            (await portal.Client.PostAsync("demonstration", null)).ExpectProblem(409, "already");
            Assert.Equal(loaded["operations"].GetInt32(), await CountAsync(portal));
            Assert.Equal(3, (await portal.Client.GetAsync("operations/active?source=demo"))["items"].GetArrayLength());
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        Assert.InRange(await CountAsync(again), 2_000, 5_000);
        Assert.Equal(3, (await again.Client.GetAsync("operations/active?source=demo"))["items"].GetArrayLength());
        (await again.Client.PostAsync("demonstration", null)).ExpectProblem(409, "already");
        (await DeleteAsync(again, "demo")).Expect(200);
        Assert.Equal(0, await CountAsync(again));
        (await again.Client.PostAsync("demonstration", null)).Expect(201);
        Assert.InRange(await CountAsync(again), 2_000, 5_000);
    }

    [Fact]
    public async Task A_source_named_demo_of_somebody_elses_is_not_mixed_with_demonstration_data()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, "demo");
        (await portal.Client.PostAsync("demonstration", null)).ExpectProblem(409, "data of its own");
    }

    private static Task<Answer> DeleteAsync(PortalFactory portal, string source) => portal.Client.SendAsync(HttpMethod.Delete, "sources/" + Uri.EscapeDataString(source), null);

    /// <summary>A dozen operations, of which every third fails, and a sample.</summary>
    private static async Task ReportAsync(PortalFactory portal, string source)
    {
        var ended = Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            "name of " + source, ("source", source), ("duration_seconds", 1 + i), ("success", i % 3 != 0), ("error_type", i % 3 != 0 ? null : "Timeout"),
            ("start_time", SampleReports.Text(SampleReports.Now.AddHours(-3).AddMinutes(i)))));
        Assert.Equal(12, (await portal.Client.PostAsync("operations/batch", ended)).Expect(200)["accepted"].GetInt32());
        (await portal.Client.PostAsync("resources", new { source, cpu_percent = 40 })).Expect(200);
    }

    private static async Task<int> CountAsync(PortalFactory portal)
    {
        int count = 0;
        foreach (string type in Domain.Operations.MetricTypes.WireNames)
        {
            count += (await portal.Client.GetAsync($"metrics/{type}?window=25h")).Expect(200)["statistics"].GetProperty("count").GetInt32();
        }

        return count;
    }

    /// <summary>What the portal says about everybody, without what depends on the time of the question.</summary>
    private static async Task<string> AnswersAsync(PortalFactory portal)
    {
        var answers = new List<string>();
        foreach (string type in Domain.Operations.MetricTypes.WireNames)
        {
            answers.Add((await portal.Client.GetAsync($"metrics/{type}?window=24h")).Expect(200)["statistics"].GetRawText());
        }

        answers.Add((await portal.Client.GetAsync("/export/operations.csv?window=24h")).Expect(200).Text);
        answers.AddRange((await portal.Client.GetAsync("resources/current")).Expect(200)["items"].EnumerateArray().Select(sample => sample.GetProperty("source").GetString()!));
        var dashboard = (await portal.Client.GetAsync("dashboard")).Expect(200);
        answers.AddRange(DashboardMembers.Select(name => dashboard[name].GetRawText()));
        var recommendations = (await portal.Client.GetAsync("recommendations")).Expect(200);
        answers.AddRange(recommendations["items"].EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
        return string.Join('\n', answers);
    }
}
