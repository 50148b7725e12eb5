using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Models.Health;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>Downloads that load only the damaged bytes of a file that is there.</summary>
public sealed class PatchTests
{
    private const int Mebi = 1 << 20;
    private const int Size = (8 * Mebi) + 300;
    private static readonly byte[] Content = DownloadBench.Random(Size);

    private static CancellationToken Token => DownloadBench.Token;

    [Fact]
    public async Task Only_the_damaged_bytes_are_loaded_and_the_file_is_right_again()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await DamageAsync(bench, 3 * Mebi, 7 * Mebi);
        var result = await bench.LoadAsync(Repair(bench, server, (3 * Mebi, Mebi), (7 * Mebi, Mebi)));
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal((2 * Mebi, 2L * Mebi, 0L), (server.BytesSent, result.BytesDownloaded, result.BytesWasted));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
        Assert.True(Assert.Single(result.Files) is { IsVerified: true, WasThere: false });
        Assert.Contains("2 MiB of 8 MiB are loaded", Assert.Single(result.Notes), StringComparison.Ordinal);

        var operation = Assert.Single(bench.Operations);
        Assert.Equal((MetadataValue.From(true), (double)Size), (operation.Metadata["repair"], operation.Metadata["bytes_total"].Numeric!.Value));
        Assert.False(operation.Metadata.TryGet("download_speed_bytes_per_second", out _), "Copying is no speed of the server.");
    }

    [Theory]
    [InlineData(5 * Mebi, 0)]
    [InlineData((2 * Mebi) + 17, 0)]
    [InlineData(Size, 3 * Mebi)]
    public async Task A_file_that_ends_too_early_or_too_late_is_repaired_too(int there, int longer)
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await File.WriteAllBytesAsync(bench.PathOf(), [.. Content.AsSpan(0, there), .. new byte[longer]], Token);
        await bench.LoadAsync(Repair(bench, server, there < Size ? (there, Size - there) : (8 * Mebi, 300)));
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal(there < Size ? Size - there : 300, server.BytesSent);
    }

    [Fact]
    public async Task When_more_is_damaged_than_was_known_the_whole_file_is_loaded_and_the_notes_say_so()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await DamageAsync(bench, Mebi, 5 * Mebi);
        var result = await bench.LoadAsync(Repair(bench, server, (Mebi, Mebi)));
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal((Size, (long)Mebi), (result.BytesDownloaded, result.BytesWasted));
        Assert.Contains(result.Notes, note => note.Contains("is loaded whole, because the damaged bytes alone do not repair it: its SHA-256 is", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_content_on_the_server_is_refused_and_the_damaged_file_stays()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(DownloadBench.Random(Size, seed: 2));
        byte[] damaged = await DamageAsync(bench, Mebi);
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(Repair(bench, server, (Mebi, Mebi))));
        Assert.Equal(DownloadErrorCategory.Integrity, failure.Category);
        Assert.Contains("is not the expected file", failure.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task Another_size_on_the_server_is_refused_after_one_request_and_leaves_nothing_behind()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content[..^1]);
        byte[] damaged = await DamageAsync(bench, Mebi);
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(Repair(bench, server, (Mebi, Mebi))));
        Assert.Equal(DownloadErrorCategory.Integrity, failure.Category);
        Assert.InRange(server.BytesSent, 0, Mebi);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task A_server_that_has_the_file_no_longer_leaves_no_copy_behind()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content) { Behave = (_, _) => new(404, []) };
        byte[] damaged = await DamageAsync(bench, Mebi);
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(Repair(bench, server, (Mebi, Mebi))));
        Assert.Equal(DownloadErrorCategory.Server, failure.Category);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task A_server_that_no_longer_serves_ranges_sends_the_whole_file()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        server.Behave = (_, _) => new(200, Content) { Headers = ["ETag: \"two\""] };
        await DamageAsync(bench, Mebi);
        var result = await bench.LoadAsync(Repair(bench, server, (Mebi, Mebi)));
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Contains(result.Notes, note => note.Contains("does not serve parts of it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_repaired_meanwhile_is_kept_and_one_that_is_gone_is_loaded_whole()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await File.WriteAllBytesAsync(bench.PathOf(), Content, Token);
        Assert.True((await bench.LoadAsync(Repair(bench, server, (0, Mebi)))).Files[0].WasThere);
        Assert.Empty(server.Requests);
        File.Delete(bench.PathOf());
        var result = await bench.LoadAsync(Repair(bench, server, (0, Mebi)));
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Contains("loaded whole", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_callers_share_one_repair()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await DamageAsync(bench, Mebi);
        var gate = new TaskCompletionSource();
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        var first = bench.LoadAsync(Repair(bench, server, (Mebi, Mebi)));
        var second = bench.LoadAsync(Repair(bench, server, (Mebi, Mebi)));
        await Eventually.TrueAsync(() => Task.FromResult(!server.Requests.IsEmpty), "it is loaded");
        gate.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(Mebi, server.BytesSent);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
    }

    [Fact]
    public async Task An_interrupted_repair_goes_on_after_a_restart_and_the_damaged_file_stays_until_the_end()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        byte[] damaged = await DamageAsync(bench, Mebi, 2 * Mebi, 3 * Mebi, 4 * Mebi);
        var gate = new TaskCompletionSource();
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        var handle = bench.Downloader.Start(Repair(bench, server, (Mebi, 4 * Mebi)));
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.BytesDone > Size - (3 * Mebi)), "half is there");
        await bench.ReopenAsync();
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.True(File.Exists(bench.PathOf() + PartFile.Suffix));
        Assert.True(bench.Downloader.Find(handle.Id) is { State: DownloadState.Interrupted, IsRepair: true });
        int before = server.Requests.Count;
        gate.SetResult();
        await bench.Downloader.Resume(handle.Id)!.Completion;
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.InRange(server.Requests.Skip(before).Sum(request => request.Range!.Value.To!.Value + 1 - request.Range.Value.From), 1, 3 * Mebi);
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task What_a_kill_leaves_while_the_file_is_copied_is_not_taken_for_a_copy()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await DamageAsync(bench, Mebi);
        await File.WriteAllBytesAsync(bench.PathOf() + ".part", new byte[Size], Token);
        await File.WriteAllTextAsync(bench.PathOf() + ".part.json.tmp", "{\"url\":", Token);
        await bench.LoadAsync(Repair(bench, server, (Mebi, Mebi)));
        Assert.Equal(Mebi, server.BytesSent);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task A_repair_that_is_cancelled_while_the_file_is_copied_leaves_nothing_behind()
    {
        await using var bench = new DownloadBench();
        await DamageAsync(bench, Mebi);
        var spec = new TransferSpec
        {
            Label = "model.bin",
            Path = bench.PathOf(),
            Sources = [new(new("http://a.example/m"), null)],
            Sha256 = DownloadBench.Sha256(Content),
            Size = Size,
            Damage = [new(Mebi, 2 * Mebi)],
        };
        using var space = new SpaceBook(_ => null).Open("m", bench.Target);
        var context = new TransferContext
        {
            Time = TimeProvider.System,
            Logger = null,
            Random = () => 0,
            Client = null!,
            Hosts = null!,
            Advice = new(),
            Retries = new(0, TimeSpan.Zero, TimeSpan.Zero),
            RetryLog = new(),
            Slots = new(1),
            Space = space,
            FreeBytes = _ => null,
        };
        var figures = new TransferFigures();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PatchDraft.PrepareAsync(spec, context, figures, new(canceled: true)));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
        Assert.Equal(0, figures.Done);
        await PatchDraft.PrepareAsync(spec, context, figures, Token);
        Assert.Equal((Size - Mebi, (long?)Mebi), (figures.Done, PartJournal.Read(bench.PathOf(), null)!.PatchBytes));
    }

    [Fact]
    public async Task A_copy_that_cannot_be_noted_is_deleted()
    {
        string part = "";
        await using var bench = new DownloadBench(options => options with
        {
            FreeBytes = _ =>
            {
                if (File.Exists(part))
                {
                    Directory.CreateDirectory(part + ".json");
                }

                return long.MaxValue / 2;
            },
        });
        await using var server = new OddServer(Content);
        byte[] damaged = await DamageAsync(bench, Mebi);
        part = bench.PathOf() + PartFile.Suffix;
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(Repair(bench, server, (Mebi, Mebi))));
        Assert.Equal(DownloadErrorCategory.Disk, failure.Category);
        Assert.False(File.Exists(part));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
    }

    [Fact]
    public async Task What_was_loaded_stays_when_a_repair_is_cancelled_whose_file_has_lost_more_than_was_known()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await File.WriteAllBytesAsync(bench.PathOf(), Content.AsMemory(0, 3 * Mebi), Token);
        var gate = new TaskCompletionSource();
        server.Behave = (request, _) => server.Ordinary(request) with { Between = gate.Task };
        var handle = bench.Downloader.Start(Repair(bench, server, (Mebi, Mebi)));
        await Eventually.TrueAsync(() => Task.FromResult(handle.Status.BytesDone > Size - (5 * Mebi)), "some of it is there");
        handle.Cancel();
        await Assert.ThrowsAsync<DownloadException>(() => handle.Completion);
        Assert.True(File.Exists(bench.PathOf() + PartFile.Suffix));
        gate.SetResult();
        var result = await bench.Downloader.Resume(handle.Id)!.Completion;
        Assert.InRange(result.BytesDownloaded, 1, (5 * Mebi) - 1);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
        Assert.Equal([bench.PathOf()], Directory.GetFiles(bench.Target));
    }

    [Fact]
    public async Task A_begun_repair_to_which_the_disk_gave_less_than_was_known_to_be_right_goes_on()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await DamageAsync(bench, 2 * Mebi);
        byte[] part = [.. Content];
        part.AsSpan(2 * Mebi, 4 * Mebi).Clear();
        await File.WriteAllBytesAsync(bench.PathOf() + PartFile.Suffix, part, Token);
        PartJournal.Write(bench.PathOf(), new()
        {
            Url = server.Url().AbsoluteUri,
            Size = Size,
            Boot = BootId.Current,
            IsPatch = true,
            PatchBytes = 6 * Mebi,
            Ranges = [0, 2 * Mebi, 6 * Mebi, Size],
        });
        await bench.LoadAsync(Repair(bench, server, (2 * Mebi, Mebi)));
        Assert.Equal(4 * Mebi, server.BytesSent);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
    }

    [Fact]
    public async Task A_repair_without_a_known_hash_loads_the_file_again_though_its_size_and_time_are_those_of_the_server()
    {
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        await bench.LoadAsync(server);
        ModelFolder.FlipSilently(bench.PathOf(), Mebi);
        Assert.True((await bench.LoadAsync(server)).Files[0].WasThere);
        var result = await bench.LoadAsync(bench.Request(server.Url()) with { IsRepair = true });
        Assert.True(result.Files[0] is { WasThere: false, IsVerified: false });
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), Token));
    }

    [Fact]
    public async Task A_repair_that_would_not_fit_is_refused_before_anything_is_copied()
    {
        await using var bench = new DownloadBench(options => options with { FreeBytes = _ => Size - 1 });
        await using var server = new OddServer(Content);
        byte[] damaged = await DamageAsync(bench, Mebi);
        var failure = await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(Repair(bench, server, (Mebi, Mebi))));
        Assert.Equal(DownloadErrorCategory.Disk, failure.Category);
        Assert.Contains("will not fit", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(bench.PathOf(), Token));
    }

    [Theory]
    [InlineData(true, false, 0, 1, "hash")]
    [InlineData(false, true, 0, 1, "size_bytes")]
    [InlineData(true, true, 10, 1, "within")]
    [InlineData(true, true, -1, 1, "within")]
    [InlineData(true, true, 0, 0, "within")]
    [InlineData(true, true, 9, long.MaxValue, "within")]
    public async Task Damage_without_a_hash_or_size_or_outside_the_file_is_refused(bool hasSize, bool hasHash, long offset, long length, string reason)
    {
        await using var bench = new DownloadBench();
        var file = new DownloadFile { Url = new("http://a.example/m"), Path = "m", SizeBytes = hasSize ? 10 : null, Sha256 = hasHash ? new('a', 64) : null, Damage = [new(offset, length)] };
        var exception = Assert.Throws<ArgumentException>(() => bench.Downloader.Start(new() { Directory = bench.Target, Files = [file] }));
        Assert.StartsWith("files[0].damage: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static DownloadRequest Repair(DownloadBench bench, OddServer server, params (long Offset, long Length)[] damage) => new()
    {
        Name = "org/model",
        Directory = bench.Target,
        IsRepair = true,
        Files =
        [
            new() { Url = server.Url(), Path = "model.bin", Sha256 = DownloadBench.Sha256(Content), SizeBytes = Size, Damage = [.. damage.Select(range => new DamagedBytes(range.Offset, range.Length))] },
        ],
    };

    private static async Task<byte[]> DamageAsync(DownloadBench bench, params int[] at)
    {
        byte[] damaged = [.. Content];
        foreach (int position in at)
        {
            damaged[position + 11] ^= 4;
        }

        await File.WriteAllBytesAsync(bench.PathOf(), damaged, Token);
        return damaged;
    }
}
