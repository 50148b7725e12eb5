using System.Text;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Hub;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

public sealed class HuggingFaceLayoutTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly byte[] Weights = DownloadBench.Random(3 << 20);
    private static readonly byte[] Config = "{ \"a\": 1 }"u8.ToArray();

    [Fact]
    public async Task A_snapshot_is_placed_as_the_libraries_expect_it()
    {
        await using var hub = Hub();
        await using var bench = new DownloadBench();
        var request = await ListAsync(hub, bench, new() { Repository = "org/model", Directory = bench.Target, Layout = SnapshotLayout.Cache, Token = "hf_x" });
        var result = await bench.LoadAsync(request);
        Assert.All(result.Files, file => Assert.True(file.IsVerified));
        string root = Path.Join(bench.Target, "models--org--model");
        Assert.Equal(Commit, await File.ReadAllTextAsync(Path.Join(root, "refs", "main"), DownloadBench.Token));
        string link = Path.Join(root, "snapshots", Commit, "weights", "model.safetensors");
        Assert.Equal(Weights, await File.ReadAllBytesAsync(link, DownloadBench.Token));
        Assert.Equal(Config, await File.ReadAllBytesAsync(Path.Join(root, "snapshots", Commit, "config.json"), DownloadBench.Token));
        Assert.Equal($"../../../blobs/{DownloadBench.Sha256(Weights)}", new FileInfo(link).LinkTarget);
        Assert.Equal(new[] { DownloadBench.Sha256(Weights), ContentHasherTests.GitId(Config) }.Order(), Directory.GetFiles(Path.Join(root, "blobs")).Select(Path.GetFileName).Order());
        Assert.All(hub.Requests, sent => Assert.Equal("Bearer hf_x", sent.Headers["Authorization"]));

        var again = await bench.LoadAsync(request);
        Assert.Equal((0, true), (again.BytesDownloaded, again.Files.All(file => file.WasThere)));
        Assert.Equal("org/model", bench.Operations[0].Name);
    }

    [Fact]
    public async Task Without_a_cache_files_have_their_own_paths_and_can_be_chosen()
    {
        await using var hub = Hub();
        await using var bench = new DownloadBench();
        await bench.LoadAsync(await ListAsync(hub, bench, new() { Repository = "org/model", Directory = bench.Target, Include = path => path.EndsWith(".json", StringComparison.Ordinal) }));
        Assert.Equal(bench.PathOf("config.json"), Assert.Single(Directory.GetFiles(bench.Target, "*", SearchOption.AllDirectories)));
    }

    [Theory]
    [InlineData("[]", "has no files")]
    [InlineData("{", "did not answer what a hub answers")]
    [InlineData("[{\"type\":\"file\",\"path\":\"../x\",\"oid\":\"ab\",\"size\":1}]", "is refused")]
    public async Task An_answer_that_cannot_be_is_refused(string tree, string words)
    {
        await using var hub = Hub(tree);
        await using var bench = new DownloadBench();
        var failure = await Assert.ThrowsAsync<DownloadException>(() => ListAsync(hub, bench, new() { Repository = "org/model", Directory = bench.Target }));
        Assert.Equal(DownloadErrorCategory.Server, failure.Category);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b/c", "main")]
    [InlineData("../x", "main")]
    [InlineData("org/model", "../x")]
    public async Task A_name_that_cannot_be_is_refused(string repository, string revision)
    {
        await using var hub = Hub();
        await using var bench = new DownloadBench();
        await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(hub, bench, new() { Repository = repository, Revision = revision, Directory = bench.Target }));
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData(404, null, "127.0.0.1 has no repository nobody/nothing with the revision main, or it is private and needs a token.")]
    [InlineData(404, "RevisionNotFound", "nobody/nothing on 127.0.0.1 has no revision main.")]
    [InlineData(401, "RepoNotFound", "127.0.0.1 does not show nobody/nothing: there is no such repository, or it is private and needs a token.")]
    [InlineData(403, "GatedRepo", "127.0.0.1 does not give access to nobody/nothing: it is gated or private, and needs a token of somebody who may read it.")]
    public async Task A_repository_that_the_hub_does_not_show_is_told_as_such_and_not_as_a_file(int status, string? code, string sentence)
    {
        await using var hub = new OddServer([]);
        hub.Behave = (_, _) => new(status, []) { Headers = code is null ? [] : [$"X-Error-Code: {code}"] };
        await using var bench = new DownloadBench();
        var failure = await Assert.ThrowsAsync<DownloadException>(() => ListAsync(hub, bench, new() { Repository = "nobody/nothing", Directory = bench.Target }));
        Assert.Equal((status, sentence), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task Where_a_snapshot_comes_from_is_known_also_after_a_restart()
    {
        await using var hub = Hub();
        await using var bench = new DownloadBench();
        await bench.LoadAsync(await ListAsync(hub, bench, new() { Repository = "org/model", Directory = bench.Target }));
        await bench.ReopenAsync();
        Assert.Equal(new(hub.Url("").ToString().TrimEnd('/'), "org/model", "main", Commit), bench.Downloader.List()[0].Origin);
    }

    private static async Task<PerfPortal.Domain.Models.Downloads.DownloadRequest> ListAsync(OddServer hub, DownloadBench bench, SnapshotRequest snapshot)
    {
        using var layout = new HuggingFaceLayout(hub.Url(""), bench.Options, TimeProvider.System);
        return await layout.ListAsync(snapshot, DownloadBench.Token);
    }

    /// <summary>A hub with two files on two pages.</summary>
    private static OddServer Hub(string? tree = null)
    {
        var hub = new OddServer([]);
        string first = $$"""[{"type":"directory","path":"weights"},{"type":"file","path":"config.json","oid":"{{ContentHasherTests.GitId(Config)}}","size":{{Config.Length}}}]""";
        string second = $$$"""[{"type":"file","path":"weights/model.safetensors","oid":"ff","size":{{{Weights.Length}}},"lfs":{"oid":"{{{DownloadBench.Sha256(Weights)}}}","size":{{{Weights.Length}}},"pointerSize":134}}]""";
        hub.Behave = (request, _) => request.Target switch
        {
            "/api/models/org/model/revision/main" => Json($$"""{"id":"org/model","sha":"{{Commit}}"}"""),
            $"/api/models/org/model/tree/{Commit}?recursive=true" => Json(tree ?? first) with { Headers = tree is null ? [$"Link: <{hub.Url("page2")}>; rel=\"next\""] : [] },
            "/page2" => Json(second),
            $"/org/model/resolve/{Commit}/config.json" => Served(hub, request, Config),
            $"/org/model/resolve/{Commit}/weights/model.safetensors" => Served(hub, request, Weights),
            _ => new(404, []),
        };
        return hub;
    }

    private static OddAnswer Json(string text) => new(200, Encoding.UTF8.GetBytes(text));

    private static OddAnswer Served(OddServer hub, OddRequest request, byte[] content)
    {
        lock (hub)
        {
            hub.Content = content;
            return hub.Ordinary(request);
        }
    }
}
