using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Tests.Settings;
using PerfPortal.Tests.Storage;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Programs tell what they lost; the list of sources states it.</summary>
public sealed class LossesApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Losses_are_listed_with_their_source_and_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        var id = Guid.NewGuid();
        string before;
        await using (var first = await PortalFactory.StartOnAsync(folder.Path))
        {
            (await first.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("a", ("source", "gpu-2")), SampleReports.Ended("a", ("source", "Gpu-3")) })).Expect(200);
            (await TellAsync(first, id, "portal_unreachable", 1_204, 30)).Expect(200);
            var again = (await TellAsync(first, id, "portal_unreachable", 1_200, 31)).Expect(200);
            Assert.Equal((1_204, 31), (again["operations"].GetInt32(), again["samples"].GetInt32()));
            Assert.StartsWith("1,204 operations and 31 samples of Gpu-3 were dropped between ", again["sentence"].GetString(), StringComparison.Ordinal);
            (await TellAsync(first, id, "rejected", 3, 0)).Expect(200);
            (await TellAsync(first, Guid.NewGuid(), "buffer_full", 6, 0)).Expect(200);

            // Nothing of this source was ever stored.
            (await TellAsync(first, id, "rejected", 1, 0, "silent")).Expect(200);
            before = string.Concat((await SourcesAsync(first)).Select(item => item.GetRawText()));
        }

        await using var after = await PortalFactory.StartOnAsync(folder.Path);
        var items = await SourcesAsync(after);
        Assert.Equal(before, string.Concat(items.Select(item => item.GetRawText())));
        Assert.Equal(["gpu-2", "Gpu-3", "silent"], items.Select(item => item.GetProperty("source").GetString()));
        Assert.Equal([0, 1_210, 0], items.Select(item => item.GetProperty("dropped_operations").GetInt32()));
        Assert.Equal([0, 31, 0], items.Select(item => item.GetProperty("dropped_samples").GetInt32()));
        Assert.Equal([0, 3, 1], items.Select(item => item.GetProperty("rejected_operations").GetInt32()));
        Assert.Equal([1, 1, 0], items.Select(item => item.GetProperty("operations").GetInt32()));
        Assert.Equal(3, items[1].GetProperty("losses").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, items[2].GetProperty("last_drop_at").ValueKind);

        // A program that goes on after the restart of the portal.
        (await TellAsync(after, id, "portal_unreachable", 1_300, 31)).Expect(200);
        Assert.Equal(1_306, (await after.Client.GetAsync("sources?q=GPU-3")).Expect(200)["items"][0].GetProperty("dropped_operations").GetInt32());
        foreach (string source in new[] { "Gpu-3", "silent" })
        {
            (await after.Client.SendAsync(HttpMethod.Delete, "sources/" + source, null)).Expect(200);
        }

        Assert.Equal("gpu-2", Assert.Single(await SourcesAsync(after)).GetProperty("source").GetString());
    }

    [Fact]
    public async Task Times_follow_the_clock_of_the_portal()
    {
        var now = TimeProvider.System.GetUtcNow();
        var told = (await portal.Client.PostAsync("losses", new { id = Guid.NewGuid(), reason = "other", operations = 1, samples = 0, first_seconds_ago = 5, last_seconds_ago = 3_600 })).Expect(200);
        Assert.Equal(told["from"].GetDateTimeOffset(), told["to"].GetDateTimeOffset());
        Assert.InRange(now - told["to"].GetDateTimeOffset(), TimeSpan.FromSeconds(3_540), TimeSpan.FromSeconds(3_601));
        Assert.Contains(await SourcesAsync(portal), item => item.GetProperty("source").GetString() is "local" or "127.0.0.1");
    }

    [Fact]
    public async Task Every_mistake_is_named_and_nothing_is_stored()
    {
        var answer = await portal.Client.PostAsync("losses", new { id = "x", source = "perfportal", reason = "bored", operations = 1.5, first_seconds_ago = -1, last_seconds_ago = "a", detail = new string('x', 501) });
        answer.ExpectProblem(400);
        Assert.Equal(
            ["/detail", "/first_seconds_ago", "/id", "/last_seconds_ago", "/operations", "/reason", "/samples", "/source"],
            answer["errors"].EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!).Order(StringComparer.Ordinal));
        var one = await portal.Client.PostAsync("losses", new { id = Guid.NewGuid(), source = "mistaken", reason = "other", operations = "many", samples = 1 });
        one.ExpectProblem(400);
        Assert.Equal("operations must be a finite number.", Assert.Single(one["errors"].EnumerateArray()).GetProperty("detail").GetString());
        (await TellAsync(portal, Guid.NewGuid(), "other", 0, 0, "mistaken")).ExpectProblem(400, "both 0");
        (await portal.Client.PostAsync("losses", Array.Empty<int>())).ExpectProblem(400);
        Assert.Empty((await portal.Client.GetAsync("sources?q=mistaken")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task Sources_are_listed_a_page_at_a_time()
    {
        string[] sources = ["p-B", "p-a", "p-b", "p-ä", "p-c"];
        (await portal.Client.PostAsync("operations/batch", sources.Select(source => SampleReports.Ended("n", ("source", source))))).Expect(200);
        var found = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await portal.Client.GetAsync("sources?q=P-&limit=2" + (cursor.Length == 0 ? "" : "&cursor=" + cursor))).Expect(200);
            found.AddRange(page["items"].EnumerateArray().Select(item => item.GetProperty("source").GetString()!));
            cursor = page["next_cursor"].GetString();
        }

        Assert.Equal(["p-a", "p-B", "p-b", "p-c", "p-ä"], found);
        (await portal.Client.GetAsync("sources?cursor=!")).ExpectProblem(400, "cursor");
    }

    [Fact]
    public async Task A_source_is_removed_although_what_it_lost_could_not_be_stored_at_once()
    {
        RacingDatabase? database = null;
        await using var failing = await PortalFactory.StartWithAsync(services => services.AddSingleton(parts => new LossKeeper(
            parts.GetRequiredService<LossBook>(), new EfSettingStore(database = new(parts.GetRequiredService<IPortalDatabase>()), TimeProvider.System), NullLogger<LossKeeper>.Instance)));
        (await failing.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("a", ("source", "Gpu-3")) })).Expect(200);
        (await TellAsync(failing, Guid.NewGuid(), "rejected", 3, 0)).Expect(200);
        (await TellAsync(failing, Guid.NewGuid(), "rejected", 3, 0, "silent")).Expect(200);
        foreach (string source in new[] { "Gpu-3", "silent" })
        {
            database!.Race = () => throw new IOException("The disk is full.");
            Assert.False((await failing.Client.SendAsync(HttpMethod.Delete, "sources/" + source, null)).Expect(202)["is_complete"].GetBoolean());
        }

        Assert.Empty(await SourcesAsync(failing));

        // The next losses are stored without them.
        (await TellAsync(failing, Guid.NewGuid(), "rejected", 1, 0, "other")).Expect(200);
        var stored = await failing.Services.GetRequiredService<EfSettingStore>().ReadAsync("losses", TestContext.Current.CancellationToken);
        Assert.Equal("other", Assert.Single(JsonElement.Parse(stored!.Value).EnumerateArray()).GetProperty("Source").GetString());
        Assert.Contains("\"Rejected\"", stored.Value, StringComparison.Ordinal);
    }

    /// <summary>The sources without the portal's own host.</summary>
    private static async Task<IReadOnlyList<JsonElement>> SourcesAsync(PortalFactory of) =>
        [.. (await of.Client.GetAsync("sources")).Expect(200)["items"].EnumerateArray().Where(item => item.GetProperty("source").GetString() != HostSource.Name)];

    private static Task<Answer> TellAsync(PortalFactory to, Guid id, string reason, int operations, int samples, string source = "Gpu-3") =>
        to.Client.PostAsync("losses", new { id, source, reason, operations, samples, first_seconds_ago = 1_020, last_seconds_ago = 3.5 });
}
