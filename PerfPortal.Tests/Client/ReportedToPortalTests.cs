using System.Diagnostics;
using System.Text.Json;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Wire;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Security;
using PerfPortal.Tests.Settings;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

/// <summary>What a client writes, read back from the real portal.</summary>
public sealed class ReportedToPortalTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow().ToWholeMicroseconds();

    [Fact]
    public async Task Every_member_of_an_operation_comes_back_as_it_was()
    {
        await using var portal = await PortalFactory.StartAsync();
        Operation[] operations = [Full(), Full() with { Id = Guid.CreateVersion7(), Status = OperationStatus.Failed, ErrorType = "timeout", ErrorMessage = "It took\ntoo long: \"ü\" 🙂" }, Plain(OperationStatus.Cancelled), Plain(OperationStatus.Succeeded)];
        await using (var client = Make(portal))
        {
            Assert.True(((IOperationSink)client).TrySubmit([.. operations.Select(operation => new OperationEnded(operation))]));
            await client.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal(new DeliveryCounts(0, 0, operations.Length, 0, 0, 0, 0), client.Status.Operations);
        }

        foreach (var operation in operations)
        {
            var answer = (await portal.Client.GetAsync($"operations/{operation.Id}")).Expect(200);
            var expected = JsonSerializer.SerializeToElement(OperationBody.Of(operation), WireJson.Options);
            foreach (var member in expected.EnumerateObject())
            {
                Assert.True(JsonElement.DeepEquals(member.Value, answer[member.Name]), $"{member.Name}: {answer[member.Name]} instead of {member.Value}");
                Assert.Equal(member.Value.GetRawText(), answer[member.Name].GetRawText());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_belongs_together_in_the_program_is_joined_in_the_portal(bool throughFiles)
    {
        using var folder = new TemporaryFolder();
        using var activity = new Activity("request").Start();
        Guid parent, child;
        await using var portal = await PortalFactory.StartAsync();
        var options = Options(portal, null) with { SpillDirectory = throughFiles ? folder.Path : null };
        using var away = new AwayHandler();
        await using (var client = new PortalClient(options, throughFiles ? away : portal.Server.CreateHandler()))
        {
            using var outer = client.Tracker.Start(MetricType.FallbackStrategy, "chat");
            using var inner = client.Tracker.Start(MetricType.DownloadOperation, "model", context: OperationContext.ChildOf(outer));
            (parent, child) = (outer.Id, inner.Id);
            if (!throughFiles)
            {
                await Eventually.TrueAsync(() => Task.FromResult(client.Status.Running == 2), "both run");
                Assert.Equal(parent.ToString(), (await portal.Client.GetAsync($"operations/{child}")).Expect(200)["parent_id"].GetString());
            }

            inner.Complete();
            outer.Complete();
        }

        if (throughFiles)
        {
            await using var next = new PortalClient(options, portal.Server.CreateHandler());
            await next.FlushAsync(TestContext.Current.CancellationToken);
        }

        var (one, other) = ((await portal.Client.GetAsync($"operations/{parent}")).Expect(200), (await portal.Client.GetAsync($"operations/{child}")).Expect(200));
        string trace = activity.TraceId.ToHexString();
        Assert.Equal((trace, activity.SpanId.ToHexString()), (one["trace_id"].GetString(), one["parent_id"].GetString()));
        Assert.Equal((trace, parent.ToString()), (other["trace_id"].GetString(), other["parent_id"].GetString()));
        if (!throughFiles)
        {
            Assert.Equal(["started", "succeeded"], other["events"].EnumerateArray().Select(one => one.GetProperty("kind").GetString()));
        }
    }

    [Fact]
    public async Task Every_member_of_a_sample_comes_back_as_it_was()
    {
        await using var portal = await PortalFactory.StartAsync();
        var sample = new ResourceSample("gpu-host", Now.AddSeconds(-2))
        {
            CpuCores = [10, 20.5],
            Disks = [new("/", 100, 40.25, 60, 1_000, null, true), new("/data", 200, 1, 99.5, null, 2, false)],
            Networks = [new("eth0", 12.5, null)],
            Gpus = [new(1, "card", 50, 1_000, 2_000, null, 75.5)],
            Sensors = new Dictionary<string, SensorStatus>
            {
                [Sensors.Cpu] = SensorStatus.Ok,
                [Sensors.Memory] = new(SensorState.Failed, "Reading the sensor failed: no such file."),
                [Sensors.Disk] = SensorStatus.Ok,
                [Sensors.Network] = new(SensorState.Warming, "A rate needs two readings."),
                [Sensors.Gpu] = new(SensorState.Disabled, "GPU monitoring is disabled."),
                [Sensors.Process] = new(SensorState.Absent, "There is no process."),
            },
        };
        foreach (var info in ResourceMetrics.All.Where(info => info.Sensor is Sensors.Cpu or Sensors.Disk))
        {
            sample[info.Metric] = 1.5 + (int)info.Metric;
        }

        await using var client = Make(portal);
        client.OnSample(sample, TimeSpan.FromSeconds(5));
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, null), (client.Status.Samples.Sent, client.Status.LastRejection));
        var items = (await portal.Client.GetAsync("resources/current")).Expect(200)["items"];
        var answer = items.EnumerateArray().Single(item => item.GetProperty("source").GetString() == "gpu-host");
        foreach (var member in JsonSerializer.SerializeToElement(SampleBody.Of(sample, Now), WireJson.Options).EnumerateObject().Where(member => member.Name != "age_seconds"))
        {
            Assert.True(JsonElement.DeepEquals(member.Value, answer.GetProperty(member.Name)), $"{member.Name}: {answer.GetProperty(member.Name)} instead of {member.Value}");
        }
    }

    [Fact]
    public async Task A_remote_operation_is_seen_live_and_ends_once()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var client = Make(portal);
        using var scope = client.Tracker.Start(MetricType.DownloadOperation, "model.bin", "loader");
        await Eventually.TrueAsync(async () => await ActiveAsync() is { ValueKind: JsonValueKind.Object }, "it is in progress");
        scope.Report(30, 100, "B");
        scope.Set("retry_count", 2);
        await Eventually.TrueAsync(async () => (await ActiveAsync()).GetProperty("progress") is { ValueKind: JsonValueKind.Object } progress && progress.GetProperty("done").GetDouble() == 30, "its progress is seen");
        scope.Complete();
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JsonValueKind.Undefined, (await ActiveAsync()).ValueKind);
        var ended = (await portal.Client.GetAsync($"operations/{scope.Id}")).Expect(200);
        Assert.Equal(("succeeded", "loader", 2), (ended["status"].GetString(), ended["source"].GetString(), ended["metadata"].GetProperty("retry_count").GetInt32()));
        Assert.Equal(1, (await portal.Client.GetAsync("metrics/download_operation?source=loader")).Expect(200)["statistics"].GetProperty("count").GetInt32());

        async Task<JsonElement> ActiveAsync() =>
            (await portal.Client.GetAsync("operations/active")).Expect(200)["items"].EnumerateArray().FirstOrDefault(item => item.GetProperty("id").GetGuid() == scope.Id);
    }

    [Fact]
    public async Task A_value_that_the_portal_rejects_is_told_with_its_reason()
    {
        await using var portal = await PortalFactory.StartAsync();
        await using var client = Make(portal);
        using (var scope = client.Tracker.Start(MetricType.DownloadOperation, "bad"))
        {
            scope.Set("retry_count", -1);
            scope.Complete();
        }

        using (var good = client.Tracker.Start(MetricType.DownloadOperation, "good"))
        {
            good.Complete();
        }

        client.OnSample(new("host-a", Now), TimeSpan.Zero);
        client.OnSample(new("host-a", Now) { [ResourceMetric.CpuPercent] = 5 }, TimeSpan.Zero);
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 1, 1), (client.Status.Operations.Sent, client.Status.Operations.Rejected, client.Status.Samples.Sent, client.Status.Samples.Rejected));
        Assert.Contains("retry_count must be an integer", client.Status.LastRejection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("wrong", false)]
    [InlineData(TeamKeys.Read, false)]
    [InlineData(TeamKeys.Report, true)]
    public async Task A_team_portal_accepts_only_a_key_that_may_report(string? key, bool isAccepted)
    {
        await using var portal = await PortalFactory.StartTeamAsync();
        await using var client = Make(portal, key);
        using (var scope = client.Tracker.Start(MetricType.ModelOperation, "a"))
        {
            scope.Complete();
        }

        client.Tracker.Drain();
        await Eventually.TrueAsync(() => Task.FromResult(client.Status is var status && (status.Operations.Sent == 1 || status.LastError is not null)), "the portal answers");
        Assert.Equal(isAccepted, client.Status.Operations.Sent == 1);
        Assert.True(isAccepted || client.Status.LastError!.StartsWith(key == TeamKeys.Read ? "403" : "401", StringComparison.Ordinal), client.Status.LastError);
    }

    private static PortalClient Make(PortalFactory portal, string? key = null) => new(Options(portal, key), portal.Server.CreateHandler());

    private static PortalClientOptions Options(PortalFactory portal, string? key) => new()
    {
        Address = portal.Server.BaseAddress,
        Key = key,
        Source = "host-a",
        FlushInterval = TimeSpan.FromMilliseconds(50),
        ReportRunningAfter = TimeSpan.Zero,
        ProgressInterval = TimeSpan.FromMilliseconds(100),
        ShutdownGrace = TimeSpan.FromMilliseconds(200),
    };

    private static Operation Plain(OperationStatus status) => new()
    {
        Id = Guid.CreateVersion7(),
        MetricType = MetricType.SystemResource,
        Name = "plain",
        Source = "host-b",
        Status = status,
        StartTime = Now.AddSeconds(-3),
        EndTime = Now.AddSeconds(-1),
    };

    private static Operation Full() => new()
    {
        Id = Guid.CreateVersion7(),
        MetricType = MetricType.DownloadOperation,
        Name = "model \"ü\" 🙂 <b>.bin",
        Source = "own source",
        Status = OperationStatus.Succeeded,
        StartTime = Now.AddMinutes(-1).AddMicroseconds(123),
        EndTime = Now.AddSeconds(-1).AddMicroseconds(7),
        Progress = new(0.1, 1e15, "B"),
        Metadata = Metadata.Of(new Dictionary<string, MetadataValue>
        {
            ["bytes_total"] = MetadataValue.From(9_007_199_254_740_993),
            ["integrity_verified"] = MetadataValue.From(true),
            ["download_speed_bytes_per_second"] = MetadataValue.From(1234.5678901234567),
            ["url"] = MetadataValue.From("http://hub.example/a?b=c&d=\u2028\t"),
            ["seed"] = MetadataValue.From(ulong.MaxValue),
            ["digits"] = MetadataValue.FromDigits("0.12345678901234567890123"),
            ["negative_zero"] = MetadataValue.From(-0.0),
            ["tiny"] = MetadataValue.From(double.Epsilon),
            ["list"] = MetadataValue.FromJson("[1,{\"a\":[null,true]}]"),
            ["ключ"] = MetadataValue.From("значение"),
            ["empty"] = MetadataValue.From(""),
        }),
        ResourceUsage = new Dictionary<string, double> { ["start_cpu_percent"] = 12.25, ["end_cpu_percent"] = 99.9 },
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        SpanId = "b7ad6b7169203331",
        ParentId = Guid.CreateVersion7().ToString(),
    };

    private sealed class AwayHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("Connection refused");
    }
}
