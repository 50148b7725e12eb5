using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Views;

/// <summary>
/// The same question asked of page, REST, hub, report and CSV has the same answer, figure by figure and state by state, over one seeded database.
/// </summary>
public sealed partial class OneAnswerTests(SeededPortal portal) : IClassFixture<SeededPortal>
{
    private static readonly string[] Figures =
        ["count", "succeeded", "failed", "cancelled", "abandoned", "success_rate", "mean", "min", "max", "p50", "p90", "p95", "p99", "throughput_per_hour"];

    private static readonly string[] OperationsTopic = ["operations"];
    private static readonly string[] DashboardTopic = ["dashboard"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PortalClient Client => portal.Factory.Client;

    [Fact]
    public async Task Statistics_of_each_type_agree_between_metrics_report_comparison_csv_and_dashboard_page()
    {
        var report = (await Client.GetAsync($"report?{portal.Range}")).Expect(200);
        var compare = (await Client.GetAsync($"compare?{portal.Range}")).Expect(200);
        var csv = Rows((await Client.GetAsync($"report?format=csv&{portal.Range}")).Expect(200).Text);
        var page = await portal.Service<DashboardReader>().ReadAsync(portal.TimeRange, null, SampleReports.Now, Token);
        foreach (var type in MetricTypes.All.Where(type => type != MetricType.SystemResource))
        {
            string name = type.WireName();
            var metrics = (await Client.GetAsync($"metrics/{name}?{portal.Range}")).Expect(200)["statistics"];
            AssertSame(metrics, ByType(report["types"], name).GetProperty("statistics"), $"report of {name}");
            AssertSame(metrics, ByType(compare["by_type"], name).GetProperty("statistics"), $"comparison of {name}");
            AssertSame(metrics, ByType(report["comparison"].GetProperty("types"), name).GetProperty("statistics"), $"comparison in the report of {name}");
            AssertSame(metrics, page.Types.Single(row => row.MetricType == type).Now, $"dashboard page, {name}");
            foreach (string figure in Figures)
            {
                string cell = csv.Single(row => row[0] == "types" && row[1] == name && row[2].Length == 0 && row[4] == figure)[5];
                AssertSame(metrics.GetProperty(figure), cell, $"{figure} of {name} in the report's CSV");
            }
        }
    }

    [Fact]
    public async Task Statistics_of_each_name_agree_between_benchmarks_report_comparison_and_filtered_metrics()
    {
        var benchmarks = (await Client.GetAsync($"benchmarks?{portal.Range}")).Expect(200)["items"].EnumerateArray().ToList();
        var report = (await Client.GetAsync($"report?{portal.Range}")).Expect(200);
        var compare = (await Client.GetAsync($"compare?{portal.Range}")).Expect(200);
        Assert.NotEmpty(benchmarks);
        foreach (var item in benchmarks)
        {
            string type = item.GetProperty("metric_type").GetString()!;
            string name = item.GetProperty("operation_name").GetString()!;
            var expected = item.GetProperty("statistics");
            AssertSame(expected, ByName(report["names"], type, name).GetProperty("statistics"), $"report of {name}");
            var pair = ByName(compare["by_name"], type, name);
            AssertSame(expected, pair.GetProperty("statistics"), $"comparison of {name}");
            Assert.Equal(item.GetProperty("verdict").GetString(), pair.GetProperty("verdict").GetString());
            AssertSame(expected, (await Client.GetAsync($"metrics/{type}?name={Uri.EscapeDataString(name)}&{portal.Range}")).Expect(200)["statistics"], $"metrics of {name}");
        }
    }

    [Fact]
    public async Task The_dashboard_agrees_between_rest_hub_page_and_analysis()
    {
        var page = await portal.Service<DashboardReader>().ReadAsync(portal.TimeRange, null, SampleReports.Now, Token);
        var rest = default(JsonElement);
        await Eventually.TrueAsync(
            async () => Sentences((rest = (await Client.GetAsync("dashboard")).Expect(200).Json).GetProperty("recommendations")).SequenceEqual(page.Recommendations.Select(item => item.Sentence)),
            "the dashboard over REST has the recommendations of the page");
        var hub = await DashboardOverHubAsync();
        var analysis = (await Client.PostAsync("optimize", null)).Expect(200);
        foreach (string member in new[] { "performance_summary", "performance_score", "operations_by_type", "active_operations", "bottlenecks", "recommendations", "resource_trends" })
        {
            Assert.Equal(rest.GetProperty(member).GetRawText(), hub.GetProperty(member).GetRawText());
        }

        var summary = rest.GetProperty("performance_summary");
        Assert.Equal(page.Analysis.Summary.Count, summary.GetProperty("total_operations_24h").GetInt64());
        Assert.Equal(page.Analysis.Summary.SuccessRate, summary.GetProperty("success_rate").GetDouble());
        Assert.Equal(page.Analysis.Summary.Mean!.Value, summary.GetProperty("average_duration").GetDouble(), tolerance: 1e-12);
        Assert.Equal(page.Analysis.Summary.P95, summary.GetProperty("p95_duration").GetDouble());
        Assert.Equal(page.Active.Total, rest.GetProperty("active_operations").GetInt32());
        Assert.Equal(page.Analysis.Score.Value, rest.GetProperty("performance_score").GetProperty("value").GetDouble());
        Assert.Equal(rest.GetProperty("performance_score").GetProperty("value").GetDouble(), analysis["performance_score"].GetProperty("value").GetDouble());
        Assert.Equal(page.Analysis.Bottlenecks.Select(item => item.Sentence), Sentences(rest.GetProperty("bottlenecks")));
        Assert.Equal(Sentences(rest.GetProperty("bottlenecks")), analysis["bottlenecks"].EnumerateArray().Select(item => item.GetProperty("sentence").GetString()!));
        var listed = (await Client.GetAsync("recommendations?state=open&current=true")).Expect(200)["items"].EnumerateArray().Select(item => item.GetProperty("sentence").GetString()!);
        Assert.Equal(Sentences(rest.GetProperty("recommendations")), listed);

        var html = await DocumentAsync("/?window=24h");
        var figures = html.QuerySelectorAll(".verdict .figures dd").Select(cell => cell.TextContent.Trim()).ToList();
        Assert.Equal(
            [
                Format.Count(summary.GetProperty("total_operations_24h").GetInt64()), Format.Ratio(summary.GetProperty("success_rate").GetDouble()),
                Format.Seconds(summary.GetProperty("average_duration").GetDouble()), Format.Seconds(summary.GetProperty("p95_duration").GetDouble()),
            ],
            figures);
    }

    [Fact]
    public async Task A_decided_recommendation_leaves_every_place_at_once()
    {
        var open = (await Client.GetAsync("recommendations?state=open&current=true")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.NotEmpty(open);
        string id = open[0].GetProperty("id").GetString()!;
        string sentence = open[0].GetProperty("sentence").GetString()!;
        await using var connection = await ConnectAsync();
        var heard = new TaskCompletionSource();
        connection.On<JsonElement>("DashboardChanged", message =>
        {
            if (!message.GetProperty("is_snapshot").GetBoolean() && !Sentences(message.GetProperty("dashboard").GetProperty("recommendations")).Contains(sentence))
            {
                heard.TrySetResult();
            }
        });
        await connection.InvokeAsync("Subscribe", DashboardTopic, (object?)null, Token);
        (await Client.PostAsync($"recommendations/{id}/dismiss", new { note = "known" })).Expect(200);
        try
        {
            await heard.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
            await Eventually.TrueAsync(async () => !Sentences((await Client.GetAsync("dashboard")).Expect(200)["recommendations"]).Contains(sentence), "the dashboard drops what was dismissed");
            var page = await portal.Service<DashboardReader>().ReadAsync(portal.TimeRange, null, SampleReports.Now, Token);
            Assert.DoesNotContain(page.Recommendations, item => item.Id == id);
            Assert.DoesNotContain(await portal.Service<RecommendationReader>().ListOpenAsync(null, Token), item => item.Id == id);
            var reported = (await Client.GetAsync("report?window=24h")).Expect(200)["recommendations"].EnumerateArray().Single(item => item.GetProperty("id").GetString() == id);
            Assert.Equal("dismissed", reported.GetProperty("state").GetString());
        }
        finally
        {
            (await Client.PostAsync($"recommendations/{id}/reopen", new { })).Expect(200);
        }
    }

    [Fact]
    public async Task A_changed_threshold_shows_over_rest_and_on_the_page_though_nothing_was_reported()
    {
        string path = $"dashboard?source={SeededPortal.LowHost}";
        async Task<bool> IsDiskLowAsync() => Sentences((await Client.GetAsync(path)).Expect(200)["bottlenecks"]).Any(sentence => sentence.Contains("disk space", StringComparison.Ordinal));
        Assert.True(await IsDiskLowAsync());
        await SetLowDiskAsync(0.1);
        try
        {
            await Eventually.TrueAsync(async () => !await IsDiskLowAsync(), "the dashboard follows the threshold");
            var tile = (await DocumentAsync($"/?source={SeededPortal.LowHost}")).QuerySelector("section.metric[aria-label='Disk free']");
            Assert.Contains("metric-healthy", tile!.ClassList);
        }
        finally
        {
            await SetLowDiskAsync(5);
        }

        await Eventually.TrueAsync(IsDiskLowAsync, "the dashboard follows the threshold back");
    }

    [Theory]
    [InlineData(SeededPortal.LowHost, Health.Warning)]
    [InlineData(SeededPortal.FullHost, Health.Critical)]
    public async Task A_low_disk_has_one_state_on_both_pages_in_the_analysis_and_in_the_report(string host, Health state)
    {
        string severity = state == Health.Critical ? "critical" : "warning";
        var analysis = (await Client.PostAsync($"optimize?source={host}", null)).Expect(200);
        var found = analysis["bottlenecks"].EnumerateArray().Single(item => item.GetProperty("kind").GetString() == BottleneckKinds.LowDisk);
        Assert.Equal(severity, found.GetProperty("severity").GetString());
        var reported = (await Client.GetAsync($"report?window=24h&source={host}")).Expect(200)["bottlenecks"].EnumerateArray()
            .Single(item => item.GetProperty("kind").GetString() == BottleneckKinds.LowDisk);
        Assert.Equal(severity, reported.GetProperty("severity").GetString());
        foreach (string path in new[] { $"/?source={host}", $"/resources?source={host}" })
        {
            var tile = (await DocumentAsync(path)).QuerySelector("section.metric[aria-label='Disk free']");
            Assert.True(tile is not null, $"{path} has no tile of the disk.");
            Assert.Contains("metric-" + severity, tile.ClassList);
        }

        var current = (await Client.GetAsync($"resources/current?source={host}")).Expect(200)["items"].EnumerateArray().Single();
        var dashboard = (await Client.GetAsync($"dashboard?source={host}")).Expect(200)["current_resources"];
        Assert.Equal(current.GetProperty("disk_free_gb").GetDouble(), dashboard.GetProperty("disk_free_gb").GetDouble());
        Assert.Equal(current.GetProperty("cpu_percent").GetDouble(), dashboard.GetProperty("cpu_percent").GetDouble());
    }

    [Fact]
    public async Task A_sample_that_is_too_old_is_nobodys_present()
    {
        const string Host = SeededPortal.SilentHost;
        var dashboard = (await Client.GetAsync($"dashboard?source={Host}")).Expect(200);
        Assert.Equal(JsonValueKind.Null, dashboard["current_resources"].GetProperty("disk_free_gb").ValueKind);
        Assert.Empty(dashboard["bottlenecks"].EnumerateArray());
        foreach (string path in new[] { $"/?source={Host}", $"/resources?source={Host}" })
        {
            var tile = (await DocumentAsync(path)).QuerySelector("section.metric[aria-label='Disk free']");
            Assert.True(tile is not null, $"{path} has no tile of the disk.");
            Assert.Contains("metric-unknown", tile.ClassList);
        }
    }

    [Fact]
    public async Task The_portal_as_a_source_has_the_resources_of_its_host_everywhere()
    {
        string own = HostSource.Name;
        var dashboard = (await Client.GetAsync("dashboard?source=perfportal")).Expect(200)["current_resources"];
        Assert.Equal(own, dashboard.GetProperty("source").GetString());
        Assert.Equal(JsonValueKind.Number, dashboard.GetProperty("memory_percent").ValueKind);
        Assert.Equal(own, (await Client.GetAsync("resources/current?source=perfportal")).Expect(200)["items"].EnumerateArray().Single().GetProperty("source").GetString());
        Assert.Equal(own, (await Client.GetAsync("resources/history?source=perfportal")).Expect(200)["source"].GetString());
        Assert.Contains((await Client.GetAsync("report?window=1h&source=perfportal")).Expect(200)["resources"].EnumerateArray(), host => host.GetProperty("source").GetString() == own);
        var page = await portal.Service<DashboardReader>().ReadAsync(portal.TimeRange, "perfportal", SampleReports.Now, Token);
        Assert.Equal(own, page.Host);
        Assert.Contains(own, (await DocumentAsync("/resources?source=perfportal")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filtered_list_of_operations_agrees_between_rest_csv_json_and_page()
    {
        const string Filter = "status=failed&q=timeout&sort=-duration_seconds";
        var rest = (await Client.GetAsync($"metrics/download_operation?{Filter}&{portal.Range}")).Expect(200);
        var ids = rest.Ids;
        Assert.NotEmpty(ids);
        var csv = Rows((await Client.GetAsync($"/export/operations.csv?metric_type=download_operation&{Filter}&{portal.Range}")).Expect(200).Text).Skip(1);
        Assert.Equal(ids, csv.Select(row => Guid.Parse(row[0])));
        var json = JsonDocument.Parse((await Client.GetAsync($"/export/operations.json?metric_type=download_operation&{Filter}&{portal.Range}")).Expect(200).Text);
        Assert.Equal(ids, json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
        var page = await DocumentAsync($"/operations?metric_type=download_operation&{Filter}&{portal.Range}");
        var links = page.QuerySelectorAll("tbody a[href*='/operations/']").Select(link => Id().Match(link.GetAttribute("href")!)).Where(match => match.Success)
            .Select(match => Guid.Parse(match.Value)).Distinct();
        Assert.Equal(ids.Take(50), links.Take(50));
        Assert.Equal(ids.Count, rest["statistics"].GetProperty("failed").GetInt32());

        string[] wrong = ["status=running", "sort=name", "min_duration_seconds=-1", "max_duration_seconds=1e9"];
        foreach (string parameter in wrong)
        {
            string name = parameter[..parameter.IndexOf('=', StringComparison.Ordinal)];
            var refused = (await Client.GetAsync($"metrics/download_operation?{parameter}")).ExpectProblem(400, "/" + name);
            Assert.Equal(refused["detail"].GetString(), (await Client.GetAsync($"/export/operations.csv?{parameter}")).ExpectProblem(400, "/" + name)["detail"].GetString());
            Assert.Contains(refused["detail"].GetString()!, (await DocumentAsync($"/operations?{parameter}")).Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Operations_in_progress_agree_between_rest_hub_and_page()
    {
        var rest = (await Client.GetAsync("operations/active")).Expect(200).Ids;
        Assert.Equal(SeededPortal.Running, rest.Count);
        Assert.Equal(rest.Count, (await Client.GetAsync("dashboard")).Expect(200)["active_operations"].GetInt32());
        var page = await portal.Service<DashboardReader>().ReadAsync(portal.TimeRange, null, SampleReports.Now, Token);
        Assert.Equal(rest, page.Active.Rows.Select(row => row.Operation.Id));
        await using var connection = await ConnectAsync();
        var arrived = new TaskCompletionSource<JsonElement>();
        connection.On<JsonElement>("OperationsChanged", message => arrived.TrySetResult(message));
        await connection.InvokeAsync("Subscribe", OperationsTopic, (object?)null, Token);
        var snapshot = await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(rest, snapshot.GetProperty("active").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    private static List<string> Sentences(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static JsonElement ByType(JsonElement items, string type) =>
        items.EnumerateArray().Single(item => item.GetProperty("metric_type").GetString() == type);

    private static JsonElement ByName(JsonElement items, string type, string name) =>
        items.EnumerateArray().Single(item => item.GetProperty("metric_type").GetString() == type && item.GetProperty("operation_name").GetString() == name);

    private static void AssertSame(JsonElement expected, JsonElement actual, string where)
    {
        foreach (string figure in Figures)
        {
            Assert.True(IsSame(Number(expected.GetProperty(figure)), Number(actual.GetProperty(figure))),
                $"{where}: {figure} is {actual.GetProperty(figure).GetRawText()} instead of {expected.GetProperty(figure).GetRawText()}.");
        }
    }

    // Sums of the same durations may be added in another order, which moves the last bit of a mean.
    private static bool IsSame(double? expected, double? actual) =>
        expected is { } one && actual is { } other ? Math.Abs(one - other) <= 1e-12 * Math.Abs(one) : expected is null && actual is null;

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();

    private static void AssertSame(JsonElement expected, OutcomeStatistics actual, string where) =>
        AssertSame(expected, JsonSerializer.SerializeToElement(actual, Server.Wire.WireJson.Options), where);

    private static void AssertSame(JsonElement expected, string cell, string where) => Assert.True(
        IsSame(Number(expected), cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture)), $"{where} is {cell} instead of {expected.GetRawText()}.");

    private static List<string[]> Rows(string csv) => [.. csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];

    private async Task SetLowDiskAsync(double limit)
    {
        string tag = (await Client.GetAsync("settings/thresholds")).Expect(200).Headers.ETag!.ToString();
        (await Client.SendAsync(HttpMethod.Put, "settings/thresholds", PortalClient.Json(new { low_disk_gb = limit }), ("If-Match", tag))).Expect(200);
    }

    private async Task<IDocument> DocumentAsync(string path)
    {
        var answer = await Client.GetAsync(path);
        answer.Expect(200);
        return await new HtmlParser().ParseDocumentAsync(answer.Text, Token);
    }

    private async Task<HubConnection> ConnectAsync()
    {
        var connection = new HubConnectionBuilder().WithUrl("http://localhost/hubs/performance", options =>
        {
            options.HttpMessageHandlerFactory = _ => portal.Factory.Server.CreateHandler();
            options.Transports = HttpTransportType.LongPolling;
        }).Build();
        await connection.StartAsync(Token);
        return connection;
    }

    private async Task<JsonElement> DashboardOverHubAsync()
    {
        await using var connection = await ConnectAsync();
        var arrived = new TaskCompletionSource<JsonElement>();
        connection.On<JsonElement>("DashboardChanged", message => arrived.TrySetResult(message));
        await connection.InvokeAsync("Subscribe", DashboardTopic, (object?)null, Token);
        return (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60), Token)).GetProperty("dashboard");
    }
}

/// <summary>A portal with a few hundred operations, some in progress, and the samples of three hosts.</summary>
public sealed class SeededPortal : IAsyncLifetime
{
    /// <summary>A host whose disk is below its limit.</summary>
    public const string LowHost = "low-disk";

    /// <summary>A host whose disk is below a fifth of its limit.</summary>
    public const string FullHost = "full-disk";

    /// <summary>A host whose newest sample is twenty minutes old.</summary>
    public const string SilentHost = "silent";

    /// <summary>Operations in progress.</summary>
    public const int Running = 3;

    private static readonly string[] Types = ["download_operation", "health_check", "fallback_strategy", "analytics_collection", "model_operation"];

    /// <summary>The portal.</summary>
    public PortalFactory Factory { get; } = new();

    /// <summary>A range that cuts minutes and holds every seeded operation.</summary>
    public TimeRange TimeRange { get; private set; }

    /// <summary>The range as query parameters.</summary>
    public string Range { get; private set; } = "";

    /// <summary>A service of the portal.</summary>
    public T Service<T>()
        where T : notnull => Factory.Services.GetRequiredService<T>();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Factory.InitializeAsync();
        var now = SampleReports.Now;
        TimeRange = new(Floor(now.AddHours(-3).AddSeconds(-17)), Floor(now.AddSeconds(-13)));
        Range = $"from={SampleReports.Text(TimeRange.From)}&to={SampleReports.Text(TimeRange.To)}";
        var random = new Random(20261129);
        var batch = new List<Dictionary<string, object?>>();
        for (int i = 0; i < 600; i++)
        {
            string type = Types[i % Types.Length];
            double duration = 0.02 * Math.Exp(4 * random.NextDouble());
            var end = now.AddSeconds(-20 - (random.NextDouble() * 10_000));
            bool isFailed = i % 9 == 0;
            batch.Add(SampleReports.Ended(
                $"{type[..5]} of model {i % 7}", ("metric_type", type), ("source", i % 3 == 0 ? LowHost : "worker"), ("start_time", SampleReports.Text(end.AddSeconds(-duration))),
                ("duration_seconds", null), ("end_time", SampleReports.Text(end)), ("success", i % 20 == 19 ? null : !isFailed), ("status", i % 20 == 19 ? "cancelled" : null),
                ("error_type", isFailed && i % 20 != 19 ? "Timeout" : null), ("error_message", isFailed && i % 20 != 19 ? "timeout after a while" : null)));
        }

        (await Factory.Client.PostAsync("operations/batch", batch)).Expect(200);
        for (int i = 0; i < Running; i++)
        {
            (await Factory.Client.PostAsync("operations", new { metric_type = "model_operation", operation_name = $"running {i}", source = "worker" })).Expect(201);
        }

        (await Factory.Client.PostAsync("resources", new object[]
        {
            Sample(LowHost, now.AddMinutes(-1), 3.5), Sample(FullHost, now.AddMinutes(-1), 0.5), Sample(SilentHost, now.AddMinutes(-20), 0.5),
        })).Expect(200);
        await Eventually.TrueAsync(
            async () => (await Factory.Client.GetAsync($"resources/current?source={HostSource.Name}")).Expect(200)["items"].GetArrayLength() == 1, "the portal samples its host");
        (await Factory.Client.PostAsync("optimize", null)).Expect(200);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Factory.DisposeAsync();

    private static DateTimeOffset Floor(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static object Sample(string source, DateTimeOffset at, double free) => new
    {
        source,
        sampled_at = SampleReports.Text(at),
        cpu_percent = 12.5,
        memory_percent = 40.0,
        disk_free_gb = free,
        disk_total_gb = 100.0,
    };
}
