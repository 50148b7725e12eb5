using System.Diagnostics;
using System.Text.Json;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Models.Health;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>The endpoints under <c>/models</c>, against a local hub and a local server.</summary>
public sealed class ModelsApiTests : IAsyncLifetime
{
    private const string Unknown = "018f2f6e-7c1a-7000-8000-000000000001";
    private const string HubToken = "hf_token-of-the-test";
    private const string Repository = "org/tiny";

    private readonly TemporaryFolder _folder = new();
    private LocalModelServer _hub = null!;
    private OddServer _server = null!;
    private PortalFactory _portal = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PortalClient Client => _portal.Client;

    public async ValueTask InitializeAsync()
    {
        _hub = await LocalModelServer.StartAsync(
            new() { Models = [new(Repository, ModelFormat.Safetensors, 1) { Shards = 2 }], Token = HubToken, RedirectsToOtherHost = true }, Token);
        _server = new(DownloadBench.Random(40_000));
        _portal = await PortalFactory.StartAsync(("Models:HubUrl", _hub.Address.ToString()), ("Models:HubToken", HubToken), ("Models:Directories:0", _folder.Path));
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _server.DisposeAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_downloaded_by_its_address_and_listed()
    {
        Assert.Empty((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
        var started = (await Client.PostAsync("models/downloads", new { url = _server.Url(), sha256 = DownloadBench.Sha256(_server.Content), size_bytes = _server.Content.Length })).Expect(202);
        string id = started["id"].GetString()!;
        Assert.EndsWith("/api/v1/performance/models/downloads/" + id, started.Headers.Location!.ToString(), StringComparison.Ordinal);
        var ended = await EndAsync(id, "completed");
        Assert.Equal(
            ("model", _server.Url().AbsoluteUri, 40_000, 40_000, 1, 1),
            (ended.GetProperty("name").GetString(), ended.GetProperty("url").GetString(), ended.GetProperty("bytes_done").GetInt64(), ended.GetProperty("bytes_total").GetInt64(),
                ended.GetProperty("files_count").GetInt32(), ended.GetProperty("files_complete").GetInt32()));
        var file = Assert.Single(ended.GetProperty("files").EnumerateArray());
        Assert.Equal(("model.bin", true, true), (file.GetProperty("path").GetString(), file.GetProperty("complete").GetBoolean(), file.GetProperty("verified").GetBoolean()));
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(Path.Join(ended.GetProperty("directory").GetString(), "model.bin"), Token));
        Assert.Equal(id, Assert.Single((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray()).GetProperty("id").GetString());

        // The token of the hub is for the hub.
        Assert.All(_server.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Files_are_downloaded_into_a_directory_of_models_under_a_name()
    {
        var started = (await Client.PostAsync("models/downloads", new
        {
            name = "org/pair",
            directory = _folder.Path + "/",
            files = new object[]
            {
                new { url = _server.Url("a"), path = "config.json" },
                new { url = "http://127.0.0.1:1/b", path = "sub/model.bin", mirrors = new[] { _server.Url("b") }, sha256 = DownloadBench.Sha256(_server.Content) },
            },
        })).Expect(202);
        string directory = Path.Join(_folder.Path, "org", "pair");
        Assert.Equal(("org/pair", directory), (started["name"].GetString(), started["directory"].GetString()));
        await EndAsync(started["id"].GetString()!, "completed");
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(Path.Join(directory, "config.json"), Token));
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(Path.Join(directory, "sub", "model.bin"), Token));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("cache")]
    public async Task A_repository_is_downloaded_with_the_hashes_of_the_hub_and_its_token_stays_there(string layout)
    {
        var started = (await Client.PostAsync("models/downloads", new { repository = Repository, layout, directory = _folder.Path })).Expect(202);
        var ended = await EndAsync(started["id"].GetString()!, "completed");
        var commit = _hub.CommitOf(Repository);
        string directory = layout == "plain" ? Path.Join(_folder.Path, "org", "tiny") : Path.Join(_folder.Path, "models--org--tiny", "snapshots", commit.Sha);
        foreach (var file in commit.Files.Values)
        {
            Assert.Equal(file.Sha256, DownloadBench.Sha256(await File.ReadAllBytesAsync(Path.Join(directory, file.Path), Token)));
        }

        Assert.Equal(
            (true, Repository, "main", commit.Sha, _hub.Address.ToString().TrimEnd('/')),
            (ended.GetProperty("verified").GetBoolean(), ended.GetProperty("repository").GetString(), ended.GetProperty("revision").GetString(), ended.GetProperty("commit").GetString(), ended.GetProperty("hub").GetString()));
        Assert.Equal((commit.Files.Count, Repository), (ended.GetProperty("files_complete").GetInt32(), ended.GetProperty("name").GetString()));
        Assert.Equal(0, _hub.Counts.LeakedTokens);
        Assert.DoesNotContain(HubToken, ended.ToString(), StringComparison.Ordinal);
        foreach (string state in Directory.GetFiles(Path.Join(_portal.Directory, "models"), "*.json", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(HubToken, await File.ReadAllTextAsync(state, Token), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}", "/url")]
    [InlineData("[]", "")]
    [InlineData("""{"url":"http://a.example/m","repository":"a/b"}""", "/repository")]
    [InlineData("""{"url":"ftp://a.example/m"}""", "/url")]
    [InlineData("""{"url":"m.bin"}""", "/url")]
    [InlineData("""{"url":7}""", "/url")]
    [InlineData("""{"url":"http://a.example/m","sha256":"abc"}""", "/sha256")]
    [InlineData("""{"url":"http://a.example/m","size_bytes":-1}""", "/size_bytes")]
    [InlineData("""{"url":"http://a.example/m","size_bytes":1.5}""", "/size_bytes")]
    [InlineData("""{"url":"http://a.example/m","directory":"/etc"}""", "/directory")]
    [InlineData("""{"url":"http://a.example/m","name":"../up"}""", "/name")]
    [InlineData("""{"url":"http://a.example/m","name":"a/b/c"}""", "/name")]
    [InlineData("""{"url":"http://a.example/m","revision":"main"}""", "/revision")]
    [InlineData("""{"url":"http://a.example/m","layout":"plain"}""", "/layout")]
    [InlineData("""{"url":"http://a.example/m","urls":[]}""", "/urls")]
    [InlineData("""{"repository":"a/b","layout":"round"}""", "/layout")]
    [InlineData("""{"repository":"a/b","sha256":"abc"}""", "/sha256")]
    [InlineData("""{"repository":"a/b/c"}""", "/repository")]
    [InlineData("""{"repository":"a b"}""", "/repository")]
    [InlineData("""{"repository":"org/tiny","revision":"../main"}""", "/revision")]
    [InlineData("""{"files":[]}""", "/files")]
    [InlineData("""{"files":{}}""", "/files")]
    [InlineData("""{"files":[3]}""", "/files/0")]
    [InlineData("""{"files":[{"path":"a"}]}""", "/files/0/url")]
    [InlineData("""{"files":[{"url":"http://a.example/m"}]}""", "/files/0/path")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a"},{"url":"http://a.example/m","path":"../b"}]}""", "/files/1/path")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a","mirrors":["x"]}]}""", "/files/0/mirrors")]
    [InlineData("""{"files":[{"url":"http://a.example/m","path":"a"},{"url":"http://a.example/m","path":"a"}]}""", "/files")]
    public async Task What_is_wrong_with_an_order_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/downloads", body)).ExpectProblem(400);
        var error = Assert.Single(problem["errors"].EnumerateArray());
        Assert.Equal(pointer, error.GetProperty("pointer").GetString());
        Assert.DoesNotContain("Parameter", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"^[a-z_\[\].0-9]+: |[^.?]$", error.GetProperty("detail").GetString());
        Assert.Empty((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task A_repository_that_the_hub_does_not_have_is_an_error_of_the_order_and_a_hub_that_is_away_is_not()
    {
        var problem = (await Client.PostAsync("models/downloads", new { repository = "org/other" })).ExpectProblem(400);
        var error = Assert.Single(problem["errors"].EnumerateArray());
        Assert.Equal("/repository", error.GetProperty("pointer").GetString());
        Assert.Contains("org/other", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("no such file", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _hub.DisposeAsync();
        var away = (await Client.PostAsync("models/downloads", new { repository = Repository })).ExpectProblem(502, "could not be reached");
        Assert.Equal("The hub could not be reached.", away["title"].GetString());
    }

    [Fact]
    public async Task A_download_is_cancelled_resumed_and_forgotten()
    {
        var gate = new TaskCompletionSource();
        _server.Behave = (request, _) => _server.Ordinary(request) with { Between = gate.Task };
        string id = (await Client.PostAsync("models/downloads", new { url = _server.Url() })).Expect(202)["id"].GetString()!;
        string path = "models/downloads/" + id;
        await Eventually.TrueAsync(() => Task.FromResult(!_server.Requests.IsEmpty), "it runs");
        (await Client.PostAsync(path + "/resume", null)).ExpectProblem(409, "running");
        (await Client.SendAsync(HttpMethod.Delete, path, null)).ExpectProblem(409, "cancel it first");
        (await Client.PostAsync(path + "/cancel", null)).Expect(202);
        await EndAsync(id, "cancelled");
        (await Client.PostAsync(path + "/cancel", null)).ExpectProblem(409, "cancelled");
        gate.SetResult();
        var resumed = (await Client.PostAsync(path + "/resume", null)).Expect(202);
        Assert.Equal(id, resumed["id"].GetString());
        await EndAsync(id, "completed");
        (await Client.PostAsync(path + "/resume", null)).ExpectProblem(409, "completed");
        (await Client.PostAsync(path + "/cancel", null)).ExpectProblem(409, "completed");
        (await Client.SendAsync(HttpMethod.Delete, path, null)).Expect(204);
        (await Client.GetAsync(path)).ExpectProblem(404);
        (await Client.SendAsync(HttpMethod.Delete, path, null)).ExpectProblem(404);
        Assert.NotEmpty(Directory.GetFiles(Path.Join(_portal.Directory, "models", "files"), "model.bin", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_download_that_failed_says_why()
    {
        _server.Behave = (_, _) => new(404, []);
        string id = (await Client.PostAsync("models/downloads", new { url = _server.Url() })).Expect(202)["id"].GetString()!;
        var failed = await EndAsync(id, "failed");
        Assert.Equal("server", failed.GetProperty("error_category").GetString());
        Assert.Contains("there is no such file", failed.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("not-an-id")]
    public async Task An_unknown_download_is_not_found(string id)
    {
        (await Client.GetAsync("models/downloads/" + id)).ExpectProblem(404, id);
        (await Client.PostAsync($"models/downloads/{id}/cancel", null)).ExpectProblem(404, id);
        (await Client.PostAsync($"models/downloads/{id}/resume", null)).ExpectProblem(404, id);
        (await Client.SendAsync(HttpMethod.Delete, "models/downloads/" + id, null)).ExpectProblem(404, id);
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_refused_where_the_settings_say_so()
    {
        await using var portal = await PortalFactory.StartAsync(("Models:AllowPrivateSources", "false"), ("Models:HubUrl", _hub.Address.ToString()));
        const string Setting = "PerfPortal:Models:AllowPrivateSources";
        var refused = (await portal.Client.PostAsync("models/downloads", new { url = _server.Url() })).ExpectProblem(400, Setting);
        var error = Assert.Single(refused["errors"].EnumerateArray());
        Assert.Equal(
            ("/url", $"127.0.0.1 is a loopback address, which is not allowed as a source of downloads. To allow it, set {Setting} to true."),
            (error.GetProperty("pointer").GetString(), error.GetProperty("detail").GetString()));
        object[] files = [new { url = "https://models.example/a", path = "a" }, new { url = "http://[::1]/b", path = "b" }];
        var second = (await portal.Client.PostAsync("models/downloads", new { files })).ExpectProblem(400, Setting);
        Assert.Equal("/files/1/url", Assert.Single(second["errors"].EnumerateArray()).GetProperty("pointer").GetString());
        files = [new { url = "https://models.example/a", path = "a", mirrors = new[] { "http://localhost/a" } }];
        var third = (await portal.Client.PostAsync("models/downloads", new { files })).ExpectProblem(400, Setting);
        Assert.Equal("/files/0/mirrors", Assert.Single(third["errors"].EnumerateArray()).GetProperty("pointer").GetString());
        Assert.Empty((await portal.Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
        Assert.Empty(_server.Requests);
        var hub = (await portal.Client.PostAsync("models/downloads", new { repository = Repository })).ExpectProblem(502, Setting);
        Assert.Equal("The hub is not allowed as a source of downloads.", hub["title"].GetString());
        Assert.Equal(0, _hub.Counts.Requests);
    }

    [Fact]
    public async Task A_model_or_all_models_are_checked_and_listed_with_what_was_found()
    {
        await WriteAsync("org/good", SmallFiles.Gguf());
        await WriteAsync("org/bad", SmallFiles.Gguf()[..^20]);
        var one = (await Client.PostAsync("models/checks", new { model = "org/good", full = true })).Expect(202);
        var check = Assert.Single(one["items"].EnumerateArray());
        Assert.Equal("org/good", check.GetProperty("model").GetString());
        string operation = check.GetProperty("operation_id").GetString()!;
        Assert.EndsWith("/api/v1/performance/operations/" + operation, one.Headers.Location!.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await Client.GetAsync("operations/" + operation) is { Code: 200 } answer && answer["status"].GetString() == "succeeded", "the check has ended");

        var all = (await Client.PostAsync("models/checks", new { })).Expect(202);
        Assert.InRange(all["items"].GetArrayLength(), 1, 2);
        Assert.EndsWith(all["items"].GetArrayLength() == 1 ? "" : "/api/v1/performance/models", all.Headers.Location!.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().Count(model => model.GetProperty("last_checked_at").ValueKind == JsonValueKind.String) == 2, "both are checked");
        var models = (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().ToList();
        Assert.Equal(["org/bad", "org/good"], models.Select(model => model.GetProperty("name").GetString()));
        Assert.Equal("healthy", models[1].GetProperty("state").GetString());
        Assert.Equal((1, 1), (models[1].GetProperty("integrity_score").GetDouble(), models[1].GetProperty("integrity_parts").GetProperty("structure").GetDouble()));
        Assert.NotEqual("healthy", models[0].GetProperty("state").GetString());
        Assert.NotEmpty(models[0].GetProperty("reasons").EnumerateArray());
        Assert.True(models[0].GetProperty("integrity_score").GetDouble() < 1);
        Assert.Equal("m.gguf", models[0].GetProperty("repair").GetProperty("steps")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Checks_of_all_models_name_those_that_run_and_those_that_wait()
    {
        string[] names = [.. Enumerable.Range(0, 7).Select(i => $"org/model-{i}")];
        foreach (string name in names)
        {
            await WriteAsync(name, SmallFiles.Gguf());
        }

        var all = (await Client.PostAsync("models/checks", new { })).Expect(202);
        var running = all["items"].EnumerateArray().Select(check => check.GetProperty("model").GetString()!).ToList();
        var waiting = all["waiting"].EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Equal(names, running.Concat(waiting).Order(StringComparer.Ordinal));
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().Count(model => model.GetProperty("last_checked_at").ValueKind == JsonValueKind.String) == names.Length, "all are checked");
        Assert.Empty((await Client.PostAsync("models/checks", new { model = names[0] })).Expect(202)["waiting"].EnumerateArray());
    }

    [Theory]
    [InlineData("""{"model":7}""", "/model")]
    [InlineData("""{"full":"yes"}""", "/full")]
    [InlineData("""{"modell":"a"}""", "/modell")]
    [InlineData("[]", "")]
    public async Task What_is_wrong_with_an_order_of_checks_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/checks", body)).ExpectProblem(400);
        Assert.Equal(pointer, Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found_and_without_models_nothing_is_checked()
    {
        (await Client.PostAsync("models/checks", new { model = "org/none" })).ExpectProblem(404, "org/none");
        Assert.Empty((await Client.PostAsync("models/checks", new { })).Expect(202)["items"].EnumerateArray());
        Assert.Empty((await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray());
    }

    [Fact]
    public async Task A_damaged_model_is_repaired_by_its_damaged_bytes_and_checked()
    {
        byte[] content = DownloadBench.Random(3 << 20);
        _server.Content = content;
        string id = (await Client.PostAsync("models/downloads", new { url = _server.Url(), name = "org/big", directory = _folder.Path })).Expect(202)["id"].GetString()!;
        await EndAsync(id, "completed");
        await StateAsync("org/big", "healthy");
        (await Client.PostAsync("models/repairs", new { model = "org/big" })).ExpectProblem(409, "nothing to repair");
        (await Client.SendAsync(HttpMethod.Delete, "models/downloads/" + id, null)).Expect(204);

        string file = Path.Join(_folder.Path, "org", "big", "model.bin");
        await File.WriteAllBytesAsync(file, [.. content.AsSpan(0, 1_500_000), (byte)~content[1_500_000], .. content.AsSpan(1_500_001)], Token);
        (await Client.PostAsync("models/checks", new { model = "org/big", full = true })).Expect(202);
        var repair = (await StateAsync("org/big", "damaged")).GetProperty("repair");
        Assert.Equal((1 << 20, content.Length), (repair.GetProperty("bytes_to_load").GetInt64(), repair.GetProperty("bytes_total").GetInt64()));
        Assert.Equal(_server.Url().AbsoluteUri, repair.GetProperty("steps")[0].GetProperty("origin").GetString());

        long before = _server.BytesSent;
        var gate = new TaskCompletionSource();
        _server.Behave = (request, _) => _server.Ordinary(request) with { Between = gate.Task };
        var started = (await Client.PostAsync("models/repairs", new { model = "org/big" })).Expect(202);
        string repairId = started["id"].GetString()!;
        Assert.True(started["repair"].GetBoolean());
        Assert.EndsWith("/api/v1/performance/models/downloads/" + repairId, started.Headers.Location!.ToString(), StringComparison.Ordinal);
        (await Client.PostAsync("models/repairs", new { model = "org/big" })).ExpectProblem(409, repairId);
        Assert.Equal(repairId, (await StateAsync("org/big", "damaged")).GetProperty("repair").GetProperty("download_id").GetString());
        gate.SetResult();
        await EndAsync(repairId, "completed");
        await StateAsync("org/big", "healthy");
        Assert.Equal(1 << 20, _server.BytesSent - before);
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Token));
    }

    [Fact]
    public async Task A_model_without_a_known_origin_is_not_repaired_and_one_that_is_not_there_is_not_found()
    {
        await WriteAsync("org/bad", SmallFiles.Gguf()[..^20]);
        (await Client.PostAsync("models/checks", new { model = "org/bad" })).Expect(202);
        var model = await StateAsync("org/bad", "damaged");
        Assert.Equal(JsonValueKind.Null, model.GetProperty("repair").GetProperty("steps")[0].GetProperty("origin").ValueKind);
        (await Client.PostAsync("models/repairs", new { model = "org/bad" })).ExpectProblem(409, "nor the layout of a Hugging Face cache, nor a remembered download says so.");
        (await Client.PostAsync("models/repairs", new { model = "org/none" })).ExpectProblem(404, "org/none");
    }

    [Theory]
    [InlineData("{}", "/model")]
    [InlineData("""{"model":""}""", "/model")]
    [InlineData("""{"model":7}""", "/model")]
    [InlineData("""{"model":"a","full":true}""", "/full")]
    [InlineData("[]", "")]
    public async Task What_is_wrong_with_the_order_of_a_repair_is_named(string body, string pointer)
    {
        var problem = (await Client.PostTextAsync("models/repairs", body)).ExpectProblem(400);
        Assert.Equal(pointer, Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_download_belongs_to_the_trace_of_its_caller_and_the_check_that_follows_to_the_download()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        const string Span = "b7ad6b7169203331";

        // The web server makes activities of requests for the log, which the tests do not have, or for a listener.
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData };
        ActivitySource.AddActivityListener(listener);
        var order = Api.PortalClient.Json(new { name = "org/joined", directory = _folder.Path, files = new[] { new { url = _server.Url("a"), path = "m.gguf" } } });
        var started = (await Client.SendAsync(HttpMethod.Post, "models/downloads", order, ("traceparent", $"00-{Trace}-{Span}-01"))).Expect(202);
        await EndAsync(started["id"].GetString()!, "completed");
        var download = await OperationAsync("download_operation");
        Assert.Equal((Trace, Span), (download.GetProperty("trace_id").GetString(), download.GetProperty("parent_id").GetString()));
        var check = await OperationAsync("health_check");
        Assert.Equal((Trace, download.GetProperty("id").GetString()), (check.GetProperty("trace_id").GetString(), check.GetProperty("parent_id").GetString()));

        // The request of this caller is no part of another trace, and no operation that could be a parent.
        var checks = (await Client.PostAsync("models/checks", new { })).Expect(202)["items"].EnumerateArray().Select(one => one.GetProperty("operation_id").GetString()).ToList();
        var one = (await Client.GetAsync("operations/" + Assert.Single(checks))).Expect(200);
        Assert.Equal((32, JsonValueKind.Null), (one["trace_id"].GetString()!.Length, one["parent_id"].ValueKind));

        async Task<JsonElement> OperationAsync(string type)
        {
            JsonElement found = default;
            await Eventually.TrueAsync(
                async () => (await Client.GetAsync($"metrics/{type}?limit=10")).Expect(200)["items"].EnumerateArray().ToList() is [var only, ..]
                    && (found = (await Client.GetAsync("operations/" + only.GetProperty("id").GetString())).Expect(200).Json).ValueKind == JsonValueKind.Object,
                $"a {type} has ended");
            return found;
        }
    }

    [Fact]
    public async Task The_integrity_of_models_over_time_is_answered_of_one_and_of_all()
    {
        Assert.Empty((await Client.GetAsync("models/integrity")).Expect(200)["items"].EnumerateArray());
        var reports = Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            i % 2 == 0 ? "old" : "other", ("metric_type", "health_check"), ("source", PerfPortal.Server.Views.HostSource.Name),
            ("start_time", SampleReports.Text(SampleReports.Now.AddHours(-12 * (i + 1)))), ("duration_seconds", 3),
            ("metadata", new Dictionary<string, object> { ["integrity_score"] = i >= 6 ? 0.5 : 1, ["corruption_detected"] = false }))).ToArray();
        Assert.Equal(12, (await Client.PostAsync("operations/batch", reports)).Expect(200)["accepted"].GetInt32());
        var answer = (await Client.GetAsync("models/integrity?name=old")).Expect(200);
        var items = answer["items"].EnumerateArray().ToList();
        Assert.Equal(6, items.Sum(item => item.GetProperty("checks").GetInt32()));
        Assert.Equal((0.5, 1.0), (items[0].GetProperty("lowest").GetDouble(), items[^1].GetProperty("mean").GetDouble()));
        Assert.Equal(86_400, answer["step_seconds"].GetDouble());
        Assert.Equal(12, (await Client.GetAsync("models/integrity?from=now-120d")).Expect(200)["items"].EnumerateArray().Sum(item => item.GetProperty("checks").GetInt32()));
        Assert.Empty((await Client.GetAsync("models/integrity?name=old&window=6h")).Expect(200)["items"].EnumerateArray());
        Assert.Equal("/from", Assert.Single((await Client.GetAsync("models/integrity?from=never")).ExpectProblem(400)["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Fallback_groups_are_listed_with_what_was_lost_and_what_another_order_would_have_saved()
    {
        Assert.Empty((await Client.GetAsync("models/fallbacks")).Expect(200)["items"].EnumerateArray());
        var reports = Enumerable.Range(0, 40).Select(i => SampleReports.Ended(
            "chat", ("metric_type", "fallback_strategy"), ("start_time", SampleReports.Text(SampleReports.Now.AddMinutes(-200 + i))), ("duration_seconds", 3),
            ("metadata", new Dictionary<string, object> { ["attempts"] = i % 4 == 0 ? "small 1 ok" : "big 2 failed; small 1 ok", ["chosen"] = "small" }))).ToArray();
        Assert.Equal(40, (await Client.PostAsync("operations/batch", reports)).Expect(200)["accepted"].GetInt32());
        await Eventually.TrueAsync(async () => (await Client.GetAsync("models/fallbacks")).Expect(200)["items"].GetArrayLength() == 1, "it is known");
        var group = Assert.Single((await Client.GetAsync("models/fallbacks?source=test")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(
            ("chat", "test", 40, 1.0, 60.0),
            (group.GetProperty("group").GetString(), group.GetProperty("source").GetString(), group.GetProperty("fallbacks").GetInt32(), group.GetProperty("success_rate").GetDouble(),
                Math.Round(group.GetProperty("lost_seconds_per_day").GetDouble(), 6)));
        Assert.Equal(["small", "big"], group.GetProperty("alternatives").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        var better = group.GetProperty("counterfactual");
        Assert.Equal("small", better.GetProperty("alternative").GetString());
        Assert.True(better.GetProperty("saved_seconds_per_day").GetDouble() > 0);
        Assert.Empty((await Client.GetAsync("models/fallbacks?source=other")).Expect(200)["items"].EnumerateArray());
        var problem = (await Client.GetAsync("models/fallbacks?source=a&source=b")).ExpectProblem(400);
        Assert.Equal("/source", Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }

    private async Task WriteAsync(string model, byte[] content)
    {
        string directory = Directory.CreateDirectory(Path.Join(_folder.Path, model)).FullName;
        await File.WriteAllBytesAsync(Path.Join(directory, "m.gguf"), content, Token);
    }

    private async Task<JsonElement> StateAsync(string model, string state)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().FirstOrDefault(one => one.GetProperty("name").GetString() == model);
                return found.ValueKind == JsonValueKind.Object && found.GetProperty("state").GetString() == state;
            },
            $"{model} is {state}");
        return found;
    }

    private async Task<JsonElement> EndAsync(string id, string state, PortalFactory? portal = null)
    {
        var client = (portal ?? _portal).Client;
        JsonElement last = default;
        await Eventually.TrueAsync(
            async () =>
            {
                last = (await client.GetAsync("models/downloads/" + id)).Expect(200).Json;
                return last.GetProperty("state").GetString() is not "queued" and not "running";
            },
            "it has ended");
        Assert.True(last.GetProperty("state").GetString() == state, last.ToString());
        return last;
    }
}
