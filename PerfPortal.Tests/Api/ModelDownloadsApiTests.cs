using System.Diagnostics;
using System.Text.Json;
using PerfPortal.Tests.Models.Downloads;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Downloads of models: their start, their progress and their end.</summary>
public sealed class ModelDownloadsApiTests : ModelsApiBench
{
    private const string Unknown = "018f2f6e-7c1a-7000-8000-000000000001";

    [Fact]
    public async Task A_file_is_downloaded_by_its_address_and_listed()
    {
        Assert.Empty((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray());
        var started = (await Client.PostAsync("models/downloads", new { url = Server.Url(), sha256 = DownloadBench.Sha256(Server.Content), size_bytes = Server.Content.Length })).Expect(202);
        string id = started["id"].GetString()!;
        Assert.EndsWith("/api/v1/performance/models/downloads/" + id, started.Headers.Location!.ToString(), StringComparison.Ordinal);
        var ended = await EndAsync(id, "completed");
        Assert.Equal(
            ("model", Server.Url().AbsoluteUri, 40_000, 40_000, 1, 1),
            (ended.GetProperty("name").GetString(), ended.GetProperty("url").GetString(), ended.GetProperty("bytes_done").GetInt64(), ended.GetProperty("bytes_total").GetInt64(),
                ended.GetProperty("files_count").GetInt32(), ended.GetProperty("files_complete").GetInt32()));
        var file = Assert.Single(ended.GetProperty("files").EnumerateArray());
        Assert.Equal(("model.bin", true, true), (file.GetProperty("path").GetString(), file.GetProperty("complete").GetBoolean(), file.GetProperty("verified").GetBoolean()));
        Assert.Equal(Server.Content, await File.ReadAllBytesAsync(Path.Join(ended.GetProperty("directory").GetString(), "model.bin"), Token));
        Assert.Equal(id, Assert.Single((await Client.GetAsync("models/downloads")).Expect(200)["items"].EnumerateArray()).GetProperty("id").GetString());

        // The token of the hub is for the hub.
        Assert.All(Server.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Files_are_downloaded_into_a_directory_of_models_under_a_name()
    {
        var started = (await Client.PostAsync("models/downloads", new
        {
            name = "org/pair",
            directory = Folder + "/",
            files = new object[]
            {
                new { url = Server.Url("a"), path = "config.json" },
                new { url = "http://127.0.0.1:1/b", path = "sub/model.bin", mirrors = new[] { Server.Url("b") }, sha256 = DownloadBench.Sha256(Server.Content) },
            },
        })).Expect(202);
        string directory = Path.Join(Folder, "org", "pair");
        Assert.Equal(("org/pair", directory), (started["name"].GetString(), started["directory"].GetString()));
        await EndAsync(started["id"].GetString()!, "completed");
        Assert.Equal(Server.Content, await File.ReadAllBytesAsync(Path.Join(directory, "config.json"), Token));
        Assert.Equal(Server.Content, await File.ReadAllBytesAsync(Path.Join(directory, "sub", "model.bin"), Token));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("cache")]
    public async Task A_repository_is_downloaded_with_the_hashes_of_the_hub_and_its_token_stays_there(string layout)
    {
        var started = (await Client.PostAsync("models/downloads", new { repository = Repository, layout, directory = Folder })).Expect(202);
        var ended = await EndAsync(started["id"].GetString()!, "completed");
        var commit = Hub.CommitOf(Repository);
        string directory = layout == "plain" ? Path.Join(Folder, "org", "tiny") : Path.Join(Folder, "models--org--tiny", "snapshots", commit.Sha);
        foreach (var file in commit.Files.Values)
        {
            Assert.Equal(file.Sha256, DownloadBench.Sha256(await File.ReadAllBytesAsync(Path.Join(directory, file.Path), Token)));
        }

        Assert.Equal(
            (true, Repository, "main", commit.Sha, Hub.Address.ToString().TrimEnd('/')),
            (ended.GetProperty("verified").GetBoolean(), ended.GetProperty("repository").GetString(), ended.GetProperty("revision").GetString(), ended.GetProperty("commit").GetString(), ended.GetProperty("hub").GetString()));
        Assert.Equal((commit.Files.Count, Repository), (ended.GetProperty("files_complete").GetInt32(), ended.GetProperty("name").GetString()));
        Assert.Equal(0, Hub.Counts.LeakedTokens);
        Assert.DoesNotContain(HubToken, ended.ToString(), StringComparison.Ordinal);
        foreach (string state in Directory.GetFiles(Path.Join(Portal.Directory, "models"), "*.json", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(HubToken, await File.ReadAllTextAsync(state, Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_download_is_cancelled_resumed_and_forgotten()
    {
        var gate = new TaskCompletionSource();
        Server.Behave = (request, _) => Server.Ordinary(request) with { Between = gate.Task };
        string id = (await Client.PostAsync("models/downloads", new { url = Server.Url() })).Expect(202)["id"].GetString()!;
        string path = "models/downloads/" + id;
        await Eventually.TrueAsync(() => Task.FromResult(!Server.Requests.IsEmpty), "it runs");
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
        Assert.NotEmpty(Directory.GetFiles(Path.Join(Portal.Directory, "models", "files"), "model.bin", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_download_that_failed_says_why()
    {
        Server.Behave = (_, _) => new(404, []);
        string id = (await Client.PostAsync("models/downloads", new { url = Server.Url() })).Expect(202)["id"].GetString()!;
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
    public async Task The_model_of_a_download_that_has_another_name_is_checked_when_it_is_complete()
    {
        var started = (await Client.PostAsync("models/downloads", new { repository = Repository, layout = "cache", directory = Folder, name = "mine" })).Expect(202);
        await EndAsync(started["id"].GetString()!, "completed");
        Assert.Equal("mine", started["name"].GetString());
        await StateAsync(Repository, "healthy");
    }

    [Fact]
    public async Task A_download_belongs_to_the_trace_of_its_caller_and_the_check_that_follows_to_the_download()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        const string Span = "b7ad6b7169203331";

        // The web server makes activities of requests for the log, which the tests do not have, or for a listener.
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData };
        ActivitySource.AddActivityListener(listener);
        var order = Api.PortalClient.Json(new { name = "org/joined", directory = Folder, files = new[] { new { url = Server.Url("a"), path = "m.gguf" } } });
        var started = (await Client.SendAsync(HttpMethod.Post, "models/downloads", order, ("traceparent", $"00-{Trace}-{Span}-01"))).Expect(202);
        await EndAsync(started["id"].GetString()!, "completed");
        var download = await OperationAsync("download_operation");
        Assert.Equal((Trace, Span), (download.GetProperty("trace_id").GetString(), download.GetProperty("parent_id").GetString()));
        var check = await OperationAsync("health_check");
        Assert.Equal((Trace, download.GetProperty("id").GetString()), (check.GetProperty("trace_id").GetString(), check.GetProperty("parent_id").GetString()));

        // The request of this caller is no part of another trace, and no operation that could be a parent.
        var checks = (await Client.PostAsync("models/checks", new { })).Expect(202)["items"].EnumerateArray().Select(one => one.GetProperty("operation_id").GetString()).ToList();
        Answer? one = null;
        await Eventually.TrueAsync(async () => (one = await Client.GetAsync("operations/" + Assert.Single(checks))).Code == 200, "it runs, or has been stored");
        Assert.Equal((32, JsonValueKind.Null), (one!["trace_id"].GetString()!.Length, one["parent_id"].ValueKind));

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
}
