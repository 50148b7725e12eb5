using System.Text.Json;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Client;

public sealed class RunningReportsTests
{
    [Fact]
    public async Task A_running_operation_is_reported_with_its_start_its_progress_and_its_heartbeats()
    {
        await using var bench = new ClientBench();
        using var scope = bench.Client.Tracker.Start(MetricType.DownloadOperation, "model.bin");
        scope.Set("url", "http://hub.example/model.bin");
        Assert.DoesNotContain(bench.Portal.Requests, IsStart);
        await bench.UntilAsync(() => bench.Portal.Requests.Any(IsStart), "its start is reported");
        var start = Read(bench.Portal.Requests.First(IsStart));
        Assert.Equal((scope.Id, "host-a", "http://hub.example/model.bin"), (start.GetProperty("id").GetGuid(), start.GetProperty("source").GetString(), start.GetProperty("metadata").GetProperty("url").GetString()));
        Assert.False(start.TryGetProperty("status", out _));
        await bench.UntilAsync(() => bench.Status.Running == 1, "it is known");

        scope.Report(40, 100, "B");
        scope.Set("retry_count", 1);
        await bench.UntilAsync(() => Updates(bench).Count == 1, "its progress is reported");
        var update = Read(Updates(bench)[0]);
        Assert.Equal((40, 1, false), (update.GetProperty("progress").GetProperty("done").GetDouble(), update.GetProperty("metadata").GetProperty("retry_count").GetInt32(), update.GetProperty("metadata").TryGetProperty("url", out _)));

        // Nothing new: only heartbeats follow.
        await bench.UntilAsync(() => Updates(bench).Count == 2, "a heartbeat follows");
        Assert.Equal("{}", Updates(bench)[1].Text);
        Assert.True(Updates(bench)[1].At - Updates(bench)[0].At >= TimeSpan.FromSeconds(20));

        scope.Complete();
        await bench.UntilAsync(() => bench.Portal.Count == 1, "its end arrives");
        int updates = Updates(bench).Count;
        await bench.PassAsync(60);
        Assert.Equal((updates, 0), (Updates(bench).Count, bench.Status.Running));
        Assert.Equal(scope.Id, bench.Portal.Batches[0].Items[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task An_operation_shorter_than_a_second_is_only_reported_when_it_has_ended()
    {
        await using var bench = new ClientBench();
        bench.Track("short");
        await bench.UntilAsync(() => bench.Portal.Count == 1, "it arrives");
        Assert.DoesNotContain(bench.Portal.Requests, IsStart);
    }

    [Fact]
    public async Task A_portal_that_lost_a_running_operation_is_told_of_it_again()
    {
        await using var bench = new ClientBench();
        using var scope = bench.Client.Tracker.Start(MetricType.HealthCheck, "model");
        await bench.UntilAsync(() => bench.Portal.Requests.Any(IsStart), "its start is reported");
        bench.Portal.Script = request => request.Method == HttpMethod.Patch ? ScriptedPortal.Problem(404, "There is no such operation.") : null;
        await bench.UntilAsync(() => bench.Portal.Requests.Count(IsStart) == 2, "its start is reported again");
    }

    [Fact]
    public async Task A_start_that_the_portal_rejects_is_not_repeated_and_holds_up_nothing()
    {
        await using var bench = new ClientBench();
        using var scope = bench.Client.Tracker.Start(MetricType.DownloadOperation, "model");
        scope.Set("retry_count", -1);
        bench.Portal.Script = request => IsStart(request) ? ScriptedPortal.Problem(400, "retry_count must be an integer of at least 0.") : null;
        await bench.UntilAsync(() => bench.Portal.Requests.Any(IsStart), "its start is reported");
        bench.Track("other");
        await bench.UntilAsync(() => bench.Portal.Count == 1, "another arrives");
        await bench.PassAsync(30);
        Assert.Equal(1, bench.Portal.Requests.Count(IsStart));
        Assert.True(bench.Status.IsConnected);
    }

    [Fact]
    public async Task Only_the_longest_running_operations_are_reported_before_their_end()
    {
        await using var bench = new ClientBench(options => options with { MaxRunning = 2 });
        var scopes = new List<Domain.Tracking.OperationScope>();
        for (int i = 0; i < 5; i++)
        {
            scopes.Add(bench.Client.Tracker.Start(MetricType.ModelOperation, "n" + i));
            bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        await bench.UntilAsync(() => bench.Status.Running == 2, "two are known");
        await bench.PassAsync(10);
        Assert.Equal(["n0", "n1"], bench.Portal.Requests.Where(IsStart).Select(request => Read(request).GetProperty("operation_name").GetString()).Order());
        scopes.ForEach(scope => scope.Complete());
        await bench.UntilAsync(() => bench.Portal.Count == 5, "all arrive");
    }

    [Fact]
    public async Task While_the_portal_is_away_nothing_is_reported_in_a_hurry()
    {
        await using var bench = new ClientBench();
        bench.Portal.Script = ScriptedPortal.Away;
        using var scope = bench.Client.Tracker.Start(MetricType.ModelOperation, "long");
        await bench.PassAsync(120);
        Assert.InRange(bench.Portal.Requests.Count, 2, 20);
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Status.Running == 1, "it is known");
    }

    private static bool IsStart(SentRequest request) => request.Method == HttpMethod.Post && request.Path.EndsWith("/operations", StringComparison.Ordinal);

    private static List<SentRequest> Updates(ClientBench bench) => [.. bench.Portal.Requests.Where(request => request.Method == HttpMethod.Patch)];

    private static JsonElement Read(SentRequest request) => JsonElement.Parse(request.Text);
}
