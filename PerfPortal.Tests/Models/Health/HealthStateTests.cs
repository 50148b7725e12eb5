using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>What is known survives a restart, whenever the process ended.</summary>
public sealed class HealthStateTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restarted_monitor_knows_the_results_and_trusts_the_same_content()
    {
        string file = _folder.WriteBlocks("m/model.bin", 8);
        var before = await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        var monitor = _folder.Monitor();
        var known = Assert.Single(monitor.Models);
        Assert.Equal((before.State, before.LastCheckedAt, before.NextCheckAt, before.IntegrityScore), (known.State, known.LastCheckedAt, known.NextCheckAt, known.IntegrityScore));
        var sampled = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthCheckKind.Sampled, before.LastFullCheckAt), (sampled.LastCheck, sampled.LastFullCheckAt));
        ModelFolder.FlipSilently(file, 5);
        var health = await _folder.Monitor().CheckAsync("m", full: true, Token);
        Assert.Equal(HealthState.Damaged, health.State);
        Assert.Equal(health.Repair!.Steps, Assert.Single(_folder.Monitor().Models).Repair!.Steps, (one, other) => one.File == other.File && one.Ranges.SequenceEqual(other.Ranges));
    }

    [Fact]
    public async Task A_broken_record_is_set_aside_and_the_model_checked_in_full()
    {
        _folder.WriteBlocks("m/model.bin", 3);
        await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        string record = Assert.Single(Directory.GetFiles(Path.Combine(_folder.State, "health"), "*.json"));
        foreach (string text in new[] { "", "{", "[]", "{}", "null", """{"version":1,"health":null,"files":[],"reasons":[]}""" })
        {
            File.WriteAllText(record, text);
            var monitor = _folder.Monitor();
            Assert.Empty(monitor.Models);
            Assert.True(File.Exists(record + ".broken"));
            Assert.Equal(HealthCheckKind.Full, (await monitor.CheckAsync("m", cancellationToken: Token)).LastCheck);
        }
    }

    [Fact]
    public async Task Without_its_block_file_damage_is_still_not_trusted()
    {
        string file = _folder.WriteBlocks("m/model.bin", 3);
        await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        foreach (string blocks in Directory.GetFiles(Path.Combine(_folder.State, "health"), "*.blocks"))
        {
            File.WriteAllBytes(blocks, [1, 2, 3]);
        }

        ModelFolder.FlipSilently(file, 5);
        for (int i = 0; i < 3; i++)
        {
            var health = await _folder.Monitor().CheckAsync("m", full: i == 2, Token);
            Assert.Equal(HealthState.Damaged, health.State);
            Assert.Empty(Assert.Single(health.Repair!.Steps).Ranges);
        }

        ModelFolder.FlipSilently(file, 5);
        Assert.Equal(HealthState.Healthy, (await _folder.Monitor().CheckAsync("m", full: true, Token)).State);
    }

    [Fact]
    public async Task Old_block_files_are_deleted_and_drafts_left_by_a_crash_do_no_harm()
    {
        _folder.WriteBlocks("m/model.bin", 3);
        var monitor = _folder.Monitor();
        for (int i = 0; i < 3; i++)
        {
            await monitor.CheckAsync("m", full: true, Token);
        }

        string health = Path.Combine(_folder.State, "health");
        string blocks = Assert.Single(Directory.GetFiles(health, "*.blocks"));
        string record = Assert.Single(Directory.GetFiles(health, "*.json"));

        // Killed while it wrote the next block file and record.
        File.WriteAllBytes(blocks + ".tmp", [1]);
        File.WriteAllText(record + ".tmp", "{");
        // Killed between the record and the end of the old block file.
        File.Copy(blocks, record[..^".json".Length] + ".77.blocks");
        var known = await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Healthy, HealthCheckKind.Sampled), (known.State, known.LastCheck));
        Assert.Equal([blocks, record], Directory.GetFiles(health).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_first_check_that_was_interrupted_goes_on_with_the_files_that_it_had_not_read()
    {
        foreach (string name in new[] { "a", "b", "c" })
        {
            _folder.WriteBlocks($"m/model-{name}.bin", 3);
        }

        using var stop = new CancellationTokenSource();
        int looks = 0;
        var killed = new ModelHealthMonitor(
            new() { Directories = [_folder.Models], StateDirectory = _folder.State, CheckpointBytes = BlockHashes.BlockSize }, null, null, _folder.Time, null, null, null,
            path =>
            {
                // The second look at the last file is that of reading it.
                if (path.EndsWith("c.bin", StringComparison.Ordinal) && ++looks == 2)
                {
                    stop.Cancel();
                }

                return FileStamp.Of(path) is { } stamp ? stamp with { ChangedNs = 0 } : null;
            });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => killed.CheckAsync("m", cancellationToken: stop.Token));
        Assert.Equal((HealthState.Unknown, null), (killed.Find("m")!.State, killed.Find("m")!.LastCheckedAt));

        var again = _folder.Monitor();
        Assert.Equal((HealthState.Unknown, 3, null), (again.Find("m")!.State, again.Find("m")!.Files, again.Find("m")!.LastCheckedAt));
        ModelFolder.FlipSilently(Path.Combine(_folder.Models, "m", "model-a.bin"), 5);
        var health = await again.CheckAsync("m", cancellationToken: Token);
        Assert.InRange(health.BytesChecked, 3 * BlockHashes.BlockSize, 8 * BlockHashes.BlockSize);
        Assert.Equal(HealthState.Damaged, (await again.CheckAsync("m", full: true, Token)).State);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.State, "health"), "*.blocks"));
    }

    [Fact]
    public async Task Models_that_are_gone_are_forgotten_unless_their_directory_is_away()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        _folder.Write("n/a.gguf", SmallFiles.Gguf());
        var monitor = _folder.Monitor();
        await monitor.CheckAsync("m", cancellationToken: Token);
        await monitor.CheckAsync("n", cancellationToken: Token);
        string away = _folder.Models + "-away";
        Directory.Move(_folder.Models, away);
        Assert.Empty(_folder.Monitor().Scan(Token));
        Directory.Move(away, _folder.Models);
        Directory.Delete(Path.Combine(_folder.Models, "n"), recursive: true);
        Assert.Equal(HealthState.Healthy, Assert.Single(_folder.Monitor().Scan(Token)).State);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.State, "health"), "*.json"));
    }

    [Fact]
    public void Stamps_of_links_are_those_of_the_files_behind_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string file = _folder.Write("m/a.bin", "abc");
        string link = Path.Combine(_folder.Models, "link");
        File.CreateSymbolicLink(link, file);
        Assert.Equal(FileStamp.Of(file), FileStamp.Of(link));
        Assert.Equal(3, FileStamp.Of(link)!.Value.Size);
        Assert.Null(FileStamp.Of(file + "-none"));
    }
}
