using System.Net;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>What a download waits for is told, and only retries that were made are counted.</summary>
public sealed class WaitingTests
{
    private static readonly byte[] Content = DownloadBench.Random(3 << 20);

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_with_the_time_of_the_next_attempt_and_a_cancelled_wait_is_no_failed_retry()
    {
        await using var server = new OddServer(Content);
        int port = await server.StopAsync();
        await using var bench = new DownloadBench(Slow);
        var handle = bench.Downloader.Start(bench.Request(new($"http://127.0.0.1:{port}/model.bin")));
        var wait = await WaitAsync(handle);
        Assert.Equal(($"127.0.0.1:{port} could not be reached: Connection refused.", "network", 1, 8), (wait.Error, wait.ErrorCategory, wait.Retry, wait.MaxRetries));
        Assert.InRange(wait.Until!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal((0, 0), (handle.Status.Retries, handle.Status.Connections));
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        Assert.Null(handle.Status.Wait);
        var facts = Assert.Single(bench.Operations).Metadata;
        Assert.Equal(0, facts["retry_count"].Numeric);
        Assert.Null(facts[AdviceFacts.Retries].Text);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_waited_for_with_what_is_there()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, number) => number == 1 ? server.Ordinary(request) with { CutAfter = 300_000 } : new(503, []);
        await using var bench = new DownloadBench(options => Slow(options) with { Connections = 1 });
        var handle = bench.Downloader.Start(bench.Request(server.Url()));
        var wait = await WaitAsync(handle);
        Assert.Contains("closed the connection before the answer was complete", wait.Error, StringComparison.Ordinal);
        Assert.Equal((300_000, 0), (handle.Status.BytesDone, handle.Status.Connections));
    }

    [Fact]
    public async Task While_another_connection_loads_nothing_is_waited_for()
    {
        var never = new TaskCompletionSource();
        var refused = new TaskCompletionSource();
        await using var server = new OddServer(DownloadBench.Random(12 << 20));
        server.Behave = (request, number) =>
        {
            if (number == 2)
            {
                refused.TrySetResult();
                return new(503, []);
            }

            return server.Ordinary(request) with { Between = never.Task };
        };
        await using var bench = new DownloadBench(options => Slow(options) with { Connections = 2 });
        var handle = bench.Downloader.Start(bench.Request(server.Url()));
        await refused.Task.WaitAsync(DownloadBench.Token);
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.Connections == 1), "one of two waits");
        Assert.Null(handle.Status.Wait);
    }

    [Fact]
    public void While_another_file_loads_over_its_only_connection_nothing_is_waited_for()
    {
        TransferSpec Spec(string name) => new() { Label = name, Path = Path.Join(Path.GetTempPath(), "perfportal-none", name), Sources = [] };
        var figures = new RunFigures(new([Spec("a"), Spec("b")], []), TimeProvider.System, []);
        figures.Of(0).SetWait(new(), new("The server answers 503.", "server", TimeProvider.System.GetUtcNow(), 1, 8));
        figures.Of(1).AddConnection(1);
        Assert.Null(figures.Wait);
        var other = new RetryState();
        figures.Of(1).SetWait(other, new("It answers 429.", "rate_limit", null, 1, 8));
        Assert.Equal("It answers 429.", figures.Wait!.Error);
        figures.Of(1).SetWait(other, null);
        figures.Of(1).AddConnection(-1);
        Assert.Equal("The server answers 503.", figures.Wait!.Error);
    }

    [Fact]
    public async Task While_another_file_is_prepared_nothing_is_waited_for()
    {
        using var released = new ManualResetEventSlim();
        await using var server = new OddServer(Content);
        server.Behave = (request, number) =>
        {
            if (request.Target == "/a" && server.Requests.Count(one => one.Target == "/a") == 1)
            {
                return new(503, []);
            }

            // The second request for this file, and the first one for the other.
            released.Wait(TestContext.Current.CancellationToken);
            return new(404, []);
        };
        await using var bench = new DownloadBench(options => options with { Concurrency = 2 });
        var handle = bench.Downloader.Start(new() { Directory = bench.Target, Files = [new() { Url = server.Url("a"), Path = "a" }, new() { Url = server.Url("b"), Path = "b" }] });
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.Retries == 1 && server.Requests.Count == 3), "the first file is tried again");
        var wait = handle.Status.Wait;
        released.Set();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        Assert.Null(wait);
    }

    [Fact]
    public async Task A_file_that_is_loaded_twice_was_tried_again_once()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url(), new string('0', 64))));
        var facts = Assert.Single(bench.Operations).Metadata;
        Assert.Equal((1, 2.0 * Content.Length, "integrity 0 failed"), (facts["retry_count"].Numeric, facts[AdviceFacts.BytesWasted].Numeric, facts[AdviceFacts.Retries].Text));
        Assert.Equal(1, bench.Downloader.List()[0].Retries);
    }

    [Fact]
    public async Task A_cancelled_download_of_several_files_knows_the_size_of_all()
    {
        var never = new TaskCompletionSource();
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => request.Target == "/b" ? server.Ordinary(request) with { Between = never.Task } : null;
        await using var bench = new DownloadBench();
        var handle = bench.Downloader.Start(new()
        {
            Directory = bench.Target,
            Files = [.. "abc".Select(name => new DownloadFile { Url = server.Url($"{name}"), Path = $"{name}", SizeBytes = Content.Length })],
        });
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.Files.Count(file => file.IsComplete) == 2), "two of three are there");
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        var facts = Assert.Single(bench.Operations).Metadata;
        Assert.Equal(3.0 * Content.Length, facts["bytes_total"].Numeric);
        Assert.InRange(facts["bytes_downloaded"].Numeric!.Value, 2.0 * Content.Length, (3.0 * Content.Length) - 1);
    }

    [Theory]
    [InlineData("localhost", "localhost is not allowed as a source of downloads: its address is ")]
    [InlineData("127.0.0.1", "127.0.0.1 is not allowed as a source of downloads. Set X.")]
    public async Task An_address_that_is_not_allowed_is_named_once_with_what_to_do(string host, string words)
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench(options => options with { AllowAddress = address => !IPAddress.IsLoopback(address), AllowAddressHint = "Set X." });
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url(host: host))));
        Assert.Equal(DownloadErrorCategory.NotAllowed, failure.Category);
        Assert.StartsWith(words, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Set X.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("not_allowed", Assert.Single(bench.Operations).Metadata["error_category"].Text);
    }

    private static DownloaderOptions Slow(DownloaderOptions options) => options with { MaxRetryDelay = TimeSpan.FromMinutes(1), NextRandom = () => 0.95 };

    private static async Task<DownloadWait> WaitAsync(DownloadHandle handle)
    {
        DownloadWait? found = null;
        await Eventually.TrueAsync(() => Task.FromResult((found = handle.Status.Wait) is { Until: not null }), "it waits");
        return found!;
    }
}
