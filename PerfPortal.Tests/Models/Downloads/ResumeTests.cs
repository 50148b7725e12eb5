using System.Diagnostics;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>Downloads that end early, and go on; what is kept on disk; disks that are full.</summary>
public sealed class ResumeTests
{
    private const int Size = 8 << 20;

    private static readonly byte[] Content = DownloadBench.Random(Size);

    [Fact]
    public async Task A_cancelled_download_is_resumed_and_loads_only_what_is_missing()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var handle = await StartHalfAsync(server, bench);
        handle.Cancel();
        var failure = await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        Assert.Equal(DownloadErrorCategory.Cancelled, failure.Category);
        await bench.ReopenAsync();
        var found = Assert.Single(bench.Downloader.List());
        Assert.Equal((handle.Id, DownloadState.Cancelled), (found.Id, found.State));
        Assert.True(found.BytesDone > 0);
        var result = await bench.Downloader.Resume(found.Id)!.Completion;
        await IsRightAsync(bench);
        Assert.InRange(result.BytesDownloaded, 1, Size - found.BytesDone);
    }

    [Fact]
    public async Task A_download_whose_process_ended_is_interrupted_and_goes_on_by_itself_if_wanted()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await StartHalfAsync(server, bench);
        await bench.ReopenAsync();
        Assert.Equal(DownloadState.Interrupted, Assert.Single(bench.Downloader.List()).State);
        server.Behave = (_, _) => null;
        bench.Options = bench.Options with { ResumeInterrupted = true };
        await bench.ReopenAsync();
        await Eventually.TrueAsync(() => Task.FromResult(bench.Downloader.List()[0].State == DownloadState.Completed), "it is complete");
        await IsRightAsync(bench);
    }

    [Fact]
    public async Task What_is_there_of_another_version_is_not_used()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var handle = await StartHalfAsync(server, bench);
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        server.Content = DownloadBench.Random(Size, seed: 2);
        server.ETag = "\"two\"";
        var result = await bench.Downloader.Resume(handle.Id)!.Completion;
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
        Assert.Contains("model.bin was started again because it changed on the server.", result.Notes);
    }

    [Fact]
    public async Task A_process_that_is_killed_at_any_note_of_the_journal_leaves_what_can_be_continued()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A file that is locked cannot be copied there.");

        // The state of a killed process is what its files held at that moment.
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench(options => options with { MaxBytesPerSecond = 4 << 20 });
        var handle = bench.Downloader.Start(bench.Request(server.Url()));
        var copies = new List<string>();
        string last = "";
        while (!handle.Completion.IsCompleted)
        {
            string journal = PartJournal.PathOf(bench.PathOf());
            string note = File.Exists(journal) ? await ReadAsync(journal) : "";
            if (note.Length > 0 && note != last && copies.Count < 5 && TryCopy(bench, copies.Count, note) is { } copy)
            {
                copies.Add(copy);
            }

            last = note;

            await Task.Delay(20, DownloadBench.Token);
        }

        await handle.Completion;
        Assert.NotEmpty(copies);
        foreach (string state in copies)
        {
            await using var again = new DownloadBench();
            foreach (string file in Directory.GetFiles(state))
            {
                File.Copy(file, Path.Join(again.Target, Path.GetFileName(file)));
            }

            var result = await again.LoadAsync(server);
            await IsRightAsync(again);
            Assert.True(result.BytesDownloaded < Size);
            Assert.Empty(result.Notes);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"url\":\"x\",\"size\":8388608,\"ranges\":[5]}")]
    [InlineData("{\"url\":\"x\",\"size\":8388608,\"ranges\":null}")]
    [InlineData("{\"url\":\"x\",\"size\":-1,\"ranges\":[0,9000000000]}")]
    public async Task A_broken_journal_means_to_start_again(string journal)
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        await File.WriteAllTextAsync(PartJournal.PathOf(bench.PathOf()), journal, DownloadBench.Token);
        await File.WriteAllBytesAsync(PartFile.PathOf(bench.PathOf()), new byte[Size], DownloadBench.Token);
        await bench.LoadAsync(server);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
    }

    [Fact]
    public async Task A_broken_state_is_set_aside()
    {
        await using var bench = new DownloadBench();
        string state = Path.Join(bench.Options.StateDirectory, "downloads", "x.json");
        await File.WriteAllTextAsync(state, "{ \"id\": 7", DownloadBench.Token);
        await bench.ReopenAsync();
        Assert.Empty(bench.Downloader.List());
        Assert.True(File.Exists(state + ".broken"));
    }

    [Fact]
    public async Task Credentials_are_not_written_to_disk_and_their_lack_is_said()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var url = new UriBuilder(server.Url()) { UserName = "me", Password = "hidden1", Query = "X-Amz-Signature=hidden2&v=3" }.Uri;
        var gate = new TaskCompletionSource();
        server.Behave = (request, number) => number > 1 ? server.Ordinary(request) with { Between = gate.Task } : null;
        var handle = bench.Downloader.Start(bench.Request(url) with { Authorization = "Bearer hidden3", Headers = new Dictionary<string, string> { ["Cookie"] = "hidden4" } });
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(PartJournal.PathOf(bench.PathOf()))), "there is a journal");
        string written = string.Concat(Directory.GetFiles(bench.Options.StateDirectory, "*", SearchOption.AllDirectories).Concat([PartJournal.PathOf(bench.PathOf())]).Select(File.ReadAllText));
        Assert.DoesNotContain("hidden", written, StringComparison.Ordinal);
        Assert.Contains("v=3", written, StringComparison.Ordinal);
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        await bench.ReopenAsync();
        Assert.True(bench.Downloader.List()[0].LacksCredentials);
        gate.SetResult();
        await bench.Downloader.Resume(handle.Id, "Bearer again")!.Completion;
        Assert.Equal("Bearer again", server.Requests.Last().Headers["Authorization"]);
        await IsRightAsync(bench);
    }

    [Fact]
    public async Task A_file_that_does_not_fit_beside_what_is_promised_to_others_is_not_begun()
    {
        var gate = new TaskCompletionSource();
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        await using var bench = new DownloadBench(options => options with { FreeBytes = _ => Size + 1000 });
        var first = bench.Downloader.Start(bench.Request(server.Url("a"), size: Size, path: "a") with { Name = "first" });
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url("b"), size: 2000, path: "b")));
        Assert.Equal(DownloadErrorCategory.Disk, failure.Category);
        Assert.Equal($"It will not fit into {bench.Target}: it needs 2 KiB, 8 MiB is free, of which 8 MiB is promised to first.", failure.Message);
        Assert.Equal("disk", Assert.Single(bench.Operations).Metadata["error_category"].Text);
        gate.SetResult();
        await first.Completion;
    }

    [Fact]
    public async Task A_disk_that_is_full_says_so()
    {
        using var disk = SmallDisk.Mount(4);
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench(options => options with { FreeBytes = _ => null });
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url()) with { Directory = disk.Path }));
        Assert.Equal(DownloadErrorCategory.Disk, failure.Category);
        Assert.StartsWith("The disk is full", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_between_says_so()
    {
        using var disk = SmallDisk.Mount(4);
        await using var server = new OddServer(Content);
        server.Behave = (_, _) => new(200, Content) { IsChunked = true };
        await using var bench = new DownloadBench(options => options with { FreeBytes = _ => null });
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url()) with { Directory = disk.Path }));
        Assert.StartsWith("The disk is full", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(disk.Path, "model.bin")));
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_directory_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        string outside = Directory.CreateDirectory(Path.Join(bench.Root, "outside")).FullName;
        Directory.CreateSymbolicLink(Path.Join(bench.Target, "link"), outside);
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(bench.Request(server.Url(), path: "link/model.bin")));
        Assert.Contains("leads out of", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(outside));

        // Nor is a link under the name of the part file.
        string victim = Path.Join(outside, "victim");
        await File.WriteAllTextAsync(victim, "mine", DownloadBench.Token);
        File.CreateSymbolicLink(PartFile.PathOf(bench.PathOf()), victim);
        await bench.LoadAsync(server);
        Assert.Equal("mine", await File.ReadAllTextAsync(victim, DownloadBench.Token));
    }

    /// <summary>Starts a download of which the first parts arrive.</summary>
    private static async Task<DownloadHandle> StartHalfAsync(OddServer server, DownloadBench bench)
    {
        var never = new TaskCompletionSource();
        server.Behave = (request, number) => number > 2 ? server.Ordinary(request) with { Between = never.Task } : null;
        var handle = bench.Downloader.Start(bench.Request(server.Url()));
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.BytesDone >= 1 << 20), "some of it is there");
        server.Behave = (request, _) => server.Ordinary(request);
        return handle;
    }

    private static async Task<string> ReadAsync(string path)
    {
        try
        {
            return await File.ReadAllTextAsync(path, DownloadBench.Token);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Copies the part file with another program, which the lock does not stop.</summary>
    private static string? TryCopy(DownloadBench bench, int number, string journal)
    {
        string copy = Directory.CreateDirectory(Path.Join(bench.Root, $"copy{number}")).FullName;
        string part = PartFile.PathOf(bench.PathOf());
        using var process = Process.Start(new ProcessStartInfo("cp", [part, copy]) { RedirectStandardError = true })!;
        process.WaitForExit();
        File.WriteAllText(Path.Join(copy, Path.GetFileName(PartJournal.PathOf(bench.PathOf()))), journal);
        return process.ExitCode == 0 ? copy : null;
    }

    private static async Task IsRightAsync(DownloadBench bench)
    {
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
        Assert.Equal([bench.PathOf()], Directory.GetFileSystemEntries(bench.Target));
    }
}
