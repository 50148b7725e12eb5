using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using Xunit;

namespace PerfPortal.Tests.Benchmarks.Workload;

public sealed class LocalModelServerTests : IAsyncLifetime
{
    private const string Weights = "/org/tiny/resolve/main/model.safetensors";
    private readonly HttpClient _client = new();
    private readonly HttpClient _plain = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private LocalModelServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ModelFile File => _server.CommitOf("org/tiny").Files["model.safetensors"];

    public async ValueTask InitializeAsync() => await UseAsync(new() { Models = [new("org/tiny", ModelFormat.Safetensors, 1), new("org/gguf", ModelFormat.Gguf, 1)] });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _plain.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_model_is_described_and_listed_as_on_the_hub()
    {
        var commit = _server.CommitOf("org/tiny");
        using var info = await JsonAsync("/api/models/org/tiny/revision/main?blobs=true");
        Assert.Equal(commit.Sha, info.RootElement.GetProperty("sha").GetString());
        Assert.Equal(commit.Files.Count, info.RootElement.GetProperty("siblings").GetArrayLength());
        using var tree = await JsonAsync($"/api/models/org/tiny/tree/{commit.Sha}?recursive=true");
        foreach (var entry in tree.RootElement.EnumerateArray())
        {
            var file = commit.Files[entry.GetProperty("path").GetString()!];
            Assert.Equal(("file", file.Length, file.BlobId), (entry.GetProperty("type").GetString(), entry.GetProperty("size").GetInt64(), entry.GetProperty("oid").GetString()));
            Assert.Equal(file.IsLarge ? file.Sha256 : null, entry.TryGetProperty("lfs", out var lfs) ? lfs.GetProperty("oid").GetString() : null);
        }
    }

    [Fact]
    public async Task Every_file_can_be_downloaded_as_it_was_generated()
    {
        foreach (string repository in new[] { "org/tiny", "org/gguf" })
        {
            foreach (var file in _server.CommitOf(repository).Files.Values)
            {
                Assert.Equal(GeneratedModelTests.All(file.Content), await _client.GetByteArrayAsync(At($"/{repository}/resolve/main/{file.Path}"), Token));
            }
        }
    }

    [Fact]
    public async Task A_large_file_is_redirected_with_its_size_and_hash_and_a_small_one_is_not()
    {
        using var large = await _plain.SendAsync(new(HttpMethod.Head, At(Weights)), Token);
        Assert.Equal(HttpStatusCode.Found, large.StatusCode);
        Assert.StartsWith($"/cdn/{File.Sha256}?", large.Headers.Location!.ToString());
        Assert.Equal(File.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), large.Headers.GetValues("X-Linked-Size").Single());
        Assert.Equal($"\"{File.Sha256}\"", large.Headers.GetValues("X-Linked-ETag").Single());
        using var small = await _plain.SendAsync(new(HttpMethod.Head, At("/org/tiny/resolve/main/config.json")), Token);
        Assert.Equal((HttpStatusCode.OK, _server.CommitOf("org/tiny").Files["config.json"].Length), (small.StatusCode, small.Content.Headers.ContentLength));
        Assert.Equal(0, _server.Counts.Contents);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=7-1000", 7, 994)]
    [InlineData("bytes=100-", 100, -1)]
    [InlineData("bytes=-10", -10, 10)]
    [InlineData("bytes=5-99999999999", 5, -1)]
    public async Task A_range_is_exactly_what_was_asked_for(string range, long from, long length)
    {
        byte[] whole = GeneratedModelTests.All(File.Content);
        from = from < 0 ? whole.Length + from : from;
        length = length < 0 ? whole.Length - from : length;
        using var response = await GetAsync(Weights, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal((from, from + length - 1, whole.Length), (response.Content.Headers.ContentRange!.From, response.Content.Headers.ContentRange.To, response.Content.Headers.ContentRange.Length));
        Assert.Equal(whole[(int)from..(int)(from + length)], await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=-")]
    [InlineData("pages=1-2")]
    public async Task What_is_no_single_range_is_answered_with_the_whole_file(string range)
    {
        using var response = await GetAsync(Weights, ("Range", range));
        Assert.Equal((HttpStatusCode.OK, File.Length), (response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("bytes=99999999-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_the_file_is_refused_with_its_length(string range)
    {
        using var response = await GetAsync(Weights, ("Range", range));
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, File.Length), (response.StatusCode, response.Content.Headers.ContentRange!.Length));
    }

    [Fact]
    public async Task A_condition_decides_whether_a_part_the_whole_or_nothing_is_sent()
    {
        using var first = await GetAsync(Weights);
        string etag = first.Headers.ETag!.Tag;
        await StatusAsync(HttpStatusCode.PartialContent, ("Range", "bytes=1-2"), ("If-Range", etag));
        await StatusAsync(HttpStatusCode.OK, ("Range", "bytes=1-2"), ("If-Range", "\"other\""));
        await StatusAsync(HttpStatusCode.NotModified, ("If-None-Match", $"\"other\", {etag}"));
        await StatusAsync(HttpStatusCode.PreconditionFailed, ("If-Match", "\"other\""));

        async Task StatusAsync(HttpStatusCode expected, params (string, string)[] headers)
        {
            using var response = await GetAsync(Weights, headers);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_not_there_says_what_it_is()
    {
        Assert.Equal("RepoNotFound", await CodeAsync("/api/models/org/none/revision/main"));
        Assert.Equal("RevisionNotFound", await CodeAsync("/api/models/org/tiny/tree/none"));
        Assert.Equal("EntryNotFound", await CodeAsync("/org/tiny/resolve/main/none.json"));

        async Task<string> CodeAsync(string path)
        {
            using var response = await GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            return response.Headers.GetValues("X-Error-Code").Single();
        }
    }

    [Fact]
    public async Task A_new_version_moves_the_branch_and_the_old_one_stays_at_its_commit()
    {
        var before = _server.CommitOf("org/tiny");
        var after = _server.Publish(before.Model with { Version = 2 });
        Assert.Equal(GeneratedModelTests.All(after.Files["model.safetensors"].Content), await _client.GetByteArrayAsync(At(Weights), Token));
        Assert.Equal(
            GeneratedModelTests.All(before.Files["model.safetensors"].Content), await _client.GetByteArrayAsync(At($"/org/tiny/resolve/{before.Sha}/model.safetensors"), Token));
    }

    [Fact]
    public async Task A_token_is_asked_for_and_one_that_follows_a_redirect_to_another_host_is_counted()
    {
        await UseAsync(new() { Models = [new("org/tiny", ModelFormat.Safetensors, 1)], Token = "secret", RedirectsToOtherHost = true });
        using var without = await GetAsync(Weights);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, At(Weights)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "secret") } };
        using var with = await _plain.SendAsync(request, Token);
        Assert.Equal(("localhost", 0), (with.Headers.Location!.Host, _server.Counts.LeakedTokens));
        using var leak = new HttpRequestMessage(HttpMethod.Get, At(with.Headers.Location.PathAndQuery)) { Headers = { Host = with.Headers.Location.Authority, Authorization = request.Headers.Authorization } };
        using var answer = await _plain.SendAsync(leak, Token);
        Assert.Equal((HttpStatusCode.OK, 1), (answer.StatusCode, _server.Counts.LeakedTokens));
    }

    [Fact]
    public async Task A_long_listing_has_pages_that_are_linked()
    {
        await UseAsync(new() { Models = [new("org/tiny", ModelFormat.Safetensors, 1_000_000) { Shards = 5 }], TreePage = 3 });
        var paths = new List<string>();
        for (string? next = At("/api/models/org/tiny/tree/main?recursive=true").ToString(); next is not null;)
        {
            using var response = await _client.GetAsync(next, Token);
            using var page = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Token));
            paths.AddRange(page.RootElement.EnumerateArray().Select(entry => entry.GetProperty("path").GetString()!));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        Assert.Equal(_server.CommitOf("org/tiny").Files.Keys.Order(StringComparer.Ordinal), paths);
    }

    private async Task UseAsync(LocalModelServerOptions options)
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _server = await LocalModelServer.StartAsync(options, Token);
    }

    private Uri At(string path) => new(_server.Address, path);

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, At(path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, Token);
    }

    private async Task<JsonDocument> JsonAsync(string path) => JsonDocument.Parse(await _client.GetByteArrayAsync(At(path), Token));
}
