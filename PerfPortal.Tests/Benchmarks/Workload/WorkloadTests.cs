using System.Text.Json;
using PerfPortal.Benchmarks.Workload.Running;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;
using Count = PerfPortal.Benchmarks.Workload.Running.WorkloadCount;

namespace PerfPortal.Tests.Benchmarks.Workload;

/// <summary>The whole loop: components that work, a client that reports, a portal that stores, shows and learns, and advice that comes back.</summary>
public sealed class WorkloadTests
{
    private const string Downloads = "metrics/download_operation";
    private const string Checks = "metrics/health_check";
    private const string Fallbacks = "metrics/fallback_strategy";
    private const string Generations = "metrics/model_operation";

    [Fact]
    public async Task What_the_components_do_is_seen_in_the_portal_which_learns_from_it()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder.Path);
        var api = portal.Client;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var output = new StringWriter();
        var workload = WorkloadRun.RunAsync(
            new() { Portal = api.Http.BaseAddress!, Source = "trainer-1", Haste = 10, TellEvery = TimeSpan.FromSeconds(1) }, TextWriter.Synchronized(output), stop.Token);

        await Eventually.TrueAsync(async () => await SamplesAsync("advice/download?source=trainer-1&host=127.0.0.1") > 0, "downloads are learned from");
        await Eventually.TrueAsync(async () => await SamplesAsync("advice/fallback?source=trainer-1&name=chat") > 0, "fallbacks are learned from");
        int downloads = await SamplesAsync("advice/download?source=trainer-1&host=127.0.0.1");
        int fallbacks = await SamplesAsync("advice/fallback?source=trainer-1&name=chat");
        await Eventually.TrueAsync(async () => workload.IsCompleted || (await ItemsAsync(Checks)).Exists(IsCorruptionFound), "a flipped byte is found");
        await Eventually.TrueAsync(async () => workload.IsCompleted || await CountAsync(Downloads) >= 6, "models are downloaded");
        await Eventually.TrueAsync(
            async () => workload.IsCompleted || await SamplesAsync("advice/download?source=trainer-1&host=127.0.0.1") > downloads, "more downloads are learned from");
        await Eventually.TrueAsync(
            async () => workload.IsCompleted || await SamplesAsync("advice/fallback?source=trainer-1&name=chat") > fallbacks, "more fallbacks are learned from");
        Assert.False(workload.IsCompleted, "It runs until it is stopped.");
        await stop.CancelAsync();
        var (tally, status) = await workload;

        Assert.Equal((0, 0, 0, 0), (status.Operations.Queued, status.Operations.InFiles, status.Operations.Rejected, status.Operations.Dropped));
        await Eventually.TrueAsync(
            async () => await CountAsync(Downloads) + await CountAsync(Checks) + await CountAsync(Fallbacks) + await CountAsync(Generations) == status.Operations.Sent,
            "everything that was reported is there");
        Assert.InRange(await CountAsync(Checks), tally[Count.Checks], tally[Count.Checks] + 1);
        Assert.InRange(await CountAsync(Fallbacks), tally[Count.Fallbacks], tally[Count.Fallbacks] + 2);
        Assert.Equal(tally[Count.Generations], await CountAsync(Generations));
        Assert.InRange(tally[Count.Damaged], 1, tally[Count.Flips]);
        Assert.Contains("0 dropped", output.ToString(), StringComparison.Ordinal);

        Assert.Contains(await ItemsAsync(Downloads), IsTypedDownload);
        Assert.Contains(await ItemsAsync(Fallbacks), IsTypedFallback);
        var groups = (await api.GetAsync("models/fallbacks?source=trainer-1")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.Equal(["chat", "summary"], groups.Select(group => group.GetProperty("group").GetString()).Order());
        Assert.All(groups, group => Assert.True(group.GetProperty("fallbacks").GetInt32() > 0));

        // Whoever asks for everything must find nothing of these types under another source.
        foreach (string type in new[] { Downloads, Checks, Fallbacks, Generations })
        {
            Assert.All(await ItemsAsync(type, ""), item => Assert.Equal("trainer-1", item.GetProperty("source").GetString()));
        }

        async Task<List<JsonElement>> ItemsAsync(string path, string query = "&source=trainer-1") =>
            [.. (await api.GetAsync($"{path}?limit=500{query}")).Expect(200)["items"].EnumerateArray()];

        async Task<long> CountAsync(string path)
        {
            // What is in progress when it is stopped is cancelled, and not counted among the others.
            var statistics = (await api.GetAsync($"{path}?source=trainer-1")).Expect(200)["statistics"];
            return statistics.GetProperty("count").GetInt64() + statistics.GetProperty("cancelled").GetInt64();
        }

        async Task<int> SamplesAsync(string path) => (await api.GetAsync(path)).Expect(200)["items"].EnumerateArray().Sum(item => item.GetProperty("sample_count").GetInt32());
    }

    [Theory]
    [InlineData("portal", null, "is not an http or https URL")]
    [InlineData("http://localhost:1", "0", "--seconds must lie between")]
    public void Arguments_that_make_no_sense_are_refused_with_their_name(string to, string? seconds, string error)
    {
        var parsed = WorkloadVerb.Create().Parse(seconds is null ? ["--to", to] : ["--to", to, "--seconds", seconds]);
        Assert.Contains(parsed.Errors, found => found.Message.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_portal_it_works_on_and_says_what_could_not_be_delivered()
    {
        var output = new StringWriter();
        int code = await WorkloadVerb.RunAsync(
            new() { Portal = new("http://127.0.0.1:9"), Haste = 10, Length = TimeSpan.FromSeconds(2), TellEvery = TimeSpan.FromSeconds(1) }, output, output,
            TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
        Assert.Contains("the portal does not answer", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 dropped", output.ToString().Split('\n')[^4], StringComparison.Ordinal);
    }

    private static bool IsCorruptionFound(JsonElement check) =>
        Fact(check, "corruption_detected") is { ValueKind: JsonValueKind.True } && Fact(check, "integrity_score") is { ValueKind: JsonValueKind.Number } score && score.GetDouble() < 1
        && Fact(check, "files_checked").GetInt32() > 0;

    private static bool IsTypedDownload(JsonElement download) =>
        download.GetProperty("status").GetString() == "succeeded" && Fact(download, "integrity_verified") is { ValueKind: JsonValueKind.True } && Fact(download, "bytes_total").GetInt64() > 1_000_000
        && Fact(download, "download_speed_bytes_per_second").GetDouble() > 0 && Fact(download, "retry_count").GetInt32() >= 0
        && Fact(download, "url").GetString()!.StartsWith("http://127.0.0.1:", StringComparison.Ordinal);

    private static bool IsTypedFallback(JsonElement fallback) =>
        Fact(fallback, "chosen") is { ValueKind: JsonValueKind.String } chosen && Fact(fallback, "attempts").GetString()!.Contains($"{chosen.GetString()} ", StringComparison.Ordinal)
        && Fact(fallback, "alternatives_considered").GetInt32() >= 2 && Fact(fallback, "compatibility_score").GetDouble() > 0.5;

    private static JsonElement Fact(JsonElement operation, string name) => operation.GetProperty("metadata").TryGetProperty(name, out var value) ? value : default;
}
