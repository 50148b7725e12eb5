using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>What is known of a download is the same after a restart, and a resumed one begins with what is there.</summary>
public sealed class RestartTests
{
    private const int Size = 8 << 20;

    private static readonly byte[] Content = DownloadBench.Random(Size);

    [Fact]
    public async Task A_completed_download_reads_the_same_after_a_restart()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, number) => number == 1 ? new(503, []) : number == 2 ? server.Ordinary(request) with { Body = new byte[server.Ordinary(request).Body.Length] } : null;
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(server.Url(), DownloadBench.Sha256(Content)));
        var before = bench.Downloader.List()[0];
        Assert.Equal((2, true, (long?)Size, Size), (before.Retries, before.IsVerified, before.BytesTotal, before.Files[0].BytesDone));
        Assert.Contains("was started again because its SHA-256 is", Assert.Single(before.Notes), StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, before.OperationId);
        await IsTheSameAsync(bench, before);
    }

    [Fact]
    public async Task A_failed_download_keeps_its_size_and_what_happened_after_a_restart()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url(), new string('0', 64))));
        var before = bench.Downloader.List()[0];
        Assert.Equal((DownloadState.Failed, (long?)Size, 1), (before.State, before.BytesTotal, before.Retries));
        await IsTheSameAsync(bench, before);
    }

    [Fact]
    public async Task A_cancelled_download_reads_the_same_after_a_restart_and_begins_with_what_is_there_when_it_is_resumed()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var handle = await StartHalfAsync(server, bench);
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        var before = bench.Downloader.Find(handle.Id)!;
        Assert.Equal((true, (long?)Size), (before.BytesDone >= 1 << 20, before.BytesTotal));
        await IsTheSameAsync(bench, before);

        // It waits for its turn behind another one, and its new operation has not begun.
        var never = new TaskCompletionSource();
        server.Behave = (request, _) => server.Ordinary(request) with { Between = never.Task };
        var resumed = bench.Downloader.Resume(handle.Id)!.Status;
        Assert.Equal((before.BytesDone, before.BytesTotal), (resumed.BytesDone, resumed.BytesTotal));
        Assert.NotEqual(before.OperationId, resumed.OperationId);
        await Eventually.TrueAsync(() => Task.FromResult(bench.Downloader.Find(handle.Id)!.State == DownloadState.Running), "it runs");
        Assert.InRange(bench.Downloader.Find(handle.Id)!.BytesDone, before.BytesDone, Size);
    }

    [Fact]
    public async Task What_a_killed_process_had_loaded_is_known_at_the_start()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var handle = await StartHalfAsync(server, bench);
        string path = Assert.Single(Directory.GetFiles(Path.Join(bench.Options.StateDirectory, "downloads")));
        string running = await File.ReadAllTextAsync(path, DownloadBench.Token);
        var operation = handle.Status.OperationId;
        await bench.Downloader.DisposeAsync();
        await File.WriteAllTextAsync(path, running, DownloadBench.Token);
        await bench.ReopenAsync();
        var found = Assert.Single(bench.Downloader.List());
        Assert.Equal((DownloadState.Interrupted, operation, (long?)Size), (found.State, found.OperationId, found.BytesTotal));
        Assert.InRange(found.BytesDone, 1 << 20, Size - 1);
        Assert.Equal(found.BytesDone, found.Files[0].BytesDone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_record_of_an_earlier_version_what_it_does_not_say_is_unknown_and_not_zero(bool withHash)
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(server.Url(), withHash ? DownloadBench.Sha256(Content) : null));
        await bench.Downloader.DisposeAsync();
        string path = Assert.Single(Directory.GetFiles(Path.Join(bench.Options.StateDirectory, "downloads")));
        var record = JsonNode.Parse(await File.ReadAllTextAsync(path, DownloadBench.Token))!.AsObject();
        Assert.True(record.Remove("last_run"));
        await File.WriteAllTextAsync(path, record.ToJsonString(), DownloadBench.Token);
        await bench.ReopenAsync();
        var found = Assert.Single(bench.Downloader.List());
        Assert.Equal((null, withHash, (long?)Size), (found.Retries, found.IsVerified, found.BytesTotal));
        Assert.Equal(new FileStatus("model.bin", Size, Size, true, withHash), Assert.Single(found.Files));
    }

    [Fact]
    public async Task A_state_whose_last_run_is_broken_is_set_aside()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await bench.LoadAsync(server);
        await bench.Downloader.DisposeAsync();
        string path = Assert.Single(Directory.GetFiles(Path.Join(bench.Options.StateDirectory, "downloads")));
        var record = JsonNode.Parse(await File.ReadAllTextAsync(path, DownloadBench.Token))!.AsObject();
        record["last_run"]!["files"] = new JsonArray(null, null);
        await File.WriteAllTextAsync(path, record.ToJsonString(), DownloadBench.Token);
        await bench.ReopenAsync();
        Assert.Empty(bench.Downloader.List());
        Assert.True(File.Exists(path + ".broken"));
    }

    [Theory]
    [InlineData("""{"url":"x","size":1000,"ranges":null}""")]
    [InlineData("""{"url":"x","size":9223372036854775807,"ranges":[0,9223372036854775807,0,9223372036854775807]}""")]
    public async Task Of_a_killed_download_with_an_odd_note_beside_its_parts_nothing_is_known_to_be_there(string note)
    {
        await using var bench = new DownloadBench();
        var first = bench.Request(new("https://example.org/a"), path: "a.bin");
        var request = first with { Files = [.. first.Files, .. bench.Request(new("https://example.org/b"), path: "b.bin").Files] };
        foreach (string final in new[] { bench.PathOf("a.bin"), bench.PathOf("b.bin") })
        {
            await File.WriteAllBytesAsync(Domain.Models.Downloads.Files.PartFile.PathOf(final), [1], DownloadBench.Token);
            await File.WriteAllTextAsync(Domain.Models.Downloads.Files.PartJournal.PathOf(final), note, DownloadBench.Token);
        }

        Assert.Equal([(0L, null), (0L, null)], KnownFiles.OnDisk(request)!.Select(file => (file.BytesDone, file.BytesTotal)));
    }

    private static async Task IsTheSameAsync(DownloadBench bench, DownloadStatus before)
    {
        await bench.ReopenAsync();
        Assert.Equal(JsonSerializer.Serialize(before), JsonSerializer.Serialize(Assert.Single(bench.Downloader.List())));
    }

    private static async Task<DownloadHandle> StartHalfAsync(OddServer server, DownloadBench bench)
    {
        var never = new TaskCompletionSource();
        server.Behave = (request, number) => number > 2 ? server.Ordinary(request) with { Between = never.Task } : null;
        var handle = bench.Downloader.Start(bench.Request(server.Url()));
        string journal = Domain.Models.Downloads.Files.PartJournal.PathOf(bench.PathOf());
        await Eventually.TrueAsync(
            () => Task.FromResult(handle.Status.BytesDone >= 1 << 20 && Domain.Models.Downloads.Files.PartJournal.Progress(bench.PathOf()) is { Loaded: >= 1 << 20 } && File.Exists(journal)), "some of it is there");
        return handle;
    }
}
