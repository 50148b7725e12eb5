using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>Downloads from a server that behaves.</summary>
public sealed class DownloadTests
{
    private const int Size = 12 << 20;

    [Fact]
    public async Task A_file_is_loaded_in_parts_verified_and_placed_whole()
    {
        byte[] content = DownloadBench.Random(Size);
        await using var server = new OddServer(content);
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(bench.Request(server.Url(), DownloadBench.Sha256(content), Size));
        var file = Assert.Single(result.Files);
        Assert.Equal((true, false, DownloadBench.Sha256(content)), (file.IsVerified, file.WasThere, file.Sha256));
        Assert.Equal(content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
        Assert.Equal(server.LastModified!.Value.UtcDateTime, File.GetLastWriteTimeUtc(bench.PathOf()));
        Assert.True(server.Requests.Count > 3 && server.Requests.All(request => request.Range is not null));
        Assert.Equal([bench.PathOf()], Directory.GetFileSystemEntries(bench.Target));
        Assert.Equal((Size, 0), (result.BytesDownloaded, result.Retries));

        // A connection that takes over may make another one throw away what it has just received.
        Assert.InRange(result.BytesWasted, 0, Size / 4);
    }

    [Fact]
    public async Task It_belongs_to_what_started_it_even_if_that_has_ended_when_its_turn_comes()
    {
        await using var server = new OddServer(DownloadBench.Random(Size));
        await using var bench = new DownloadBench();
        var parent = bench.Tracker.Start(MetricType.FallbackStrategy, "chat");
        DownloadHandle handle;
        using (parent.Enter())
        {
            handle = bench.Downloader.Start(bench.Request(server.Url()));
        }

        parent.Complete();
        await handle.Completion;
        await bench.LoadAsync(bench.Request(server.Url("other"), path: "other.bin"));
        Assert.Equal(["chat null", $"model.bin {parent.Id}", "other.bin null"], bench.Operations.Select(one => $"{one.Name} {one.ParentId ?? "null"}").Order());
    }

    [Fact]
    public async Task Its_operation_carries_the_facts()
    {
        byte[] content = DownloadBench.Random(Size);
        await using var server = new OddServer(content);
        await using var bench = new DownloadBench();
        var url = new UriBuilder(server.Url()) { UserName = "me", Password = "pass", Query = "token=hidden" }.Uri;
        await bench.LoadAsync(bench.Request(url, DownloadBench.Sha256(content)) with { Name = "org/model" });
        var operation = Assert.Single(bench.Operations);
        Assert.Equal((MetricType.DownloadOperation, "org/model", "host", OperationStatus.Succeeded), (operation.MetricType, operation.Name, operation.Source, operation.Status));
        Assert.Equal(new Progress(Size, Size, "B"), operation.Progress);
        var facts = operation.Metadata;
        Assert.Equal(server.Url().AbsoluteUri, facts["url"].Text);
        Assert.Equal((Size, Size, 0), (facts["bytes_total"].Numeric, facts["bytes_downloaded"].Numeric, facts["retry_count"].Numeric));
        Assert.NotNull(facts["bytes_wasted"].Numeric);
        Assert.True(facts["download_speed_bytes_per_second"].Numeric > 0);
        Assert.InRange(facts["connections"].Numeric!.Value, 2, 4);
        Assert.Equal("default", facts["advice"].Text);
        Assert.Equal(MetadataValue.From(true), facts["integrity_verified"]);
        Assert.All(facts.Members.ToArray(), member => Assert.Null(KnownFacts.Check(MetricType.DownloadOperation, member.Key, member.Value)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_right_file_that_is_there_is_not_loaded_again(bool withHash)
    {
        byte[] content = DownloadBench.Random(100_000);
        await using var server = new OddServer(content);
        await using var bench = new DownloadBench();
        var request = bench.Request(server.Url(), withHash ? DownloadBench.Sha256(content) : null);
        await bench.LoadAsync(request);
        int before = server.Requests.Count;
        var again = await bench.LoadAsync(request);
        Assert.True(again.Files[0].WasThere);
        Assert.Equal((0, withHash), (again.BytesDownloaded, again.Files[0].IsVerified));
        Assert.Equal(before + (withHash ? 0 : 1), server.Requests.Count);
    }

    [Fact]
    public async Task Another_version_on_the_server_replaces_the_file()
    {
        await using var server = new OddServer(DownloadBench.Random(50_000));
        await using var bench = new DownloadBench();
        await bench.LoadAsync(server);
        server.Content = DownloadBench.Random(50_000, seed: 2);
        (server.ETag, server.LastModified) = ("\"two\"", server.LastModified!.Value.AddDays(1));
        await bench.LoadAsync(server);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
    }

    [Fact]
    public async Task Several_files_are_loaded_at_once_into_directories_that_are_not_there()
    {
        await using var server = new OddServer(DownloadBench.Random(30_000));
        await using var bench = new DownloadBench(options => options with { Concurrency = 8 });
        string directory = Path.Join(bench.Target, "org", "not there");
        string[] paths = ["config.json", "model.bin", "onnx/model.onnx", "onnx/deep/er/data.bin", "tokenizer.json"];
        var result = await bench.LoadAsync(new DownloadRequest { Directory = directory, Files = [.. paths.Select(path => new DownloadFile { Url = server.Url(path), Path = path })] });
        Assert.Equal(0, result.Retries);
        Assert.All(paths, path => Assert.Equal(server.Content, File.ReadAllBytes(Path.Join(directory, path))));
        Assert.Equal(paths.Length, Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    public async Task Every_size_is_loaded(int size)
    {
        await using var server = new OddServer(DownloadBench.Random(size));
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(server);
        Assert.Equal(size, result.BytesTotal);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
    }

    [Fact]
    public async Task Two_callers_of_a_file_share_one_transfer_until_both_give_up()
    {
        byte[] content = DownloadBench.Random(200_000);
        var gate = new TaskCompletionSource();
        await using var server = new OddServer(content);
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        await using var bench = new DownloadBench();
        var first = bench.Downloader.Start(bench.Request(server.Url()));
        var second = bench.Downloader.Start(bench.Request(server.Url()));
        await Eventually.TrueAsync(() => Task.FromResult(first.Status.Connections + second.Status.Connections == 2), "both run");
        first.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => first.Completion);
        Assert.Equal(DownloadState.Cancelled, first.Status.State);
        gate.SetResult();
        await second.Completion;
        Assert.Single(server.Requests);
        Assert.Equal(content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
    }

    [Fact]
    public async Task A_limit_of_the_bandwidth_holds_over_all_connections()
    {
        const int Rate = 2 << 20;
        await using var server = new OddServer(DownloadBench.Random(4 << 20));
        await using var bench = new DownloadBench(options => options with { MaxBytesPerSecond = Rate });
        var result = await bench.LoadAsync(server);

        // A quarter of a second's worth comes at once.
        Assert.True(result.Duration.TotalSeconds >= ((4 << 20) / (double)Rate) - 0.3, $"{result.Duration}");
    }

    [Fact]
    public async Task Downloads_beyond_the_limit_wait_for_their_turn()
    {
        var gate = new TaskCompletionSource();
        await using var server = new OddServer(DownloadBench.Random(1_000));
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        await using var bench = new DownloadBench(options => options with { MaxRunning = 1 });
        var first = bench.Downloader.Start(bench.Request(server.Url("a"), path: "a"));
        await Eventually.TrueAsync(() => Task.FromResult(first.Status.State == DownloadState.Running), "the first one runs");
        var second = bench.Downloader.Start(bench.Request(server.Url("b"), path: "b"));
        Assert.Equal(DownloadState.Queued, second.Status.State);
        gate.SetResult();
        await second.Completion;
        Assert.Equal([DownloadState.Completed, DownloadState.Completed], bench.Downloader.List().Select(download => download.State));
        Assert.True(bench.Downloader.Remove(first.Id));
        Assert.Null(bench.Downloader.Find(first.Id));
    }

    [Theory]
    [InlineData("ftp://x/y", "a", "files[0].url")]
    [InlineData("http://x/y", "../a", "files[0].path")]
    [InlineData("http://x/y", "/a", "files[0].path")]
    [InlineData("http://x/y", "c:/a", "files[0].path")]
    public async Task A_request_that_is_not_valid_is_refused_with_the_member(string url, string path, string member)
    {
        await using var bench = new DownloadBench();
        var refusal = Assert.Throws<ArgumentException>(() => bench.Downloader.Start(bench.Request(new(url), path: path)));
        Assert.StartsWith(member, refusal.Message, StringComparison.Ordinal);
    }
}
