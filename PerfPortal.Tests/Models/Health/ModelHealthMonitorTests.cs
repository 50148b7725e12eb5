using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class ModelHealthMonitorTests : IDisposable
{
    private const long Block = BlockHashes.BlockSize;

    private readonly ModelFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_model_is_healthy_and_its_content_is_trusted_from_then_on()
    {
        _folder.Write("m/config.json", """{"vocab_size":4}""");
        _folder.Write("m/tokenizer.json", SmallFiles.Tokenizer());
        _folder.Write("m/model.safetensors", SmallFiles.Safetensors());
        var monitor = _folder.Monitor();
        Assert.Equal(HealthState.Unknown, Assert.Single(monitor.Scan(Token)).State);
        var health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Healthy, 1.0, 3, 0, HealthCheckKind.Full), (health.State, health.IntegrityScore!.Value, health.Files, health.FilesMissing, health.LastCheck));
        Assert.Empty(health.Reasons);
        Assert.Null(health.Repair);
        Assert.Equal((_folder.Time.GetUtcNow(), health.SizeBytes), (health.LastCheckedAt, health.BytesChecked));
        Assert.True(health.NextCheckAt > health.LastCheckedAt);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => monitor.CheckAsync("other", cancellationToken: Token));
    }

    [Fact]
    public async Task A_silently_flipped_byte_is_found_within_the_stated_number_of_checks_wherever_it_is()
    {
        string file = _folder.WriteBlocks("m/model.bin", 12.5);
        foreach (long at in new[] { 0, Block - 1, (5 * Block) + 77, (12 * Block) + 100, (long)(12.5 * Block) - 1 })
        {
            var monitor = _folder.Monitor(change: options => options with { Rotation = 5 });
            await monitor.CheckAsync("m", full: true, Token);
            ModelFolder.FlipSilently(file, at);
            int checks = 0;
            ModelHealth health;
            long read = 0;
            do
            {
                health = await monitor.CheckAsync("m", cancellationToken: Token);
                Assert.Equal(5, health.FoundWithinChecks);
                read = Math.Max(read, health.State == HealthState.Healthy ? health.BytesChecked : 0);
                checks++;
            }
            while (health.State == HealthState.Healthy && checks < 6);

            Assert.InRange(checks, 1, 5);
            Assert.InRange(read, 0, 3 * Block);
            Assert.Equal(HealthState.Damaged, health.State);
            long start = at / Block * Block;
            Assert.Contains(health.Reasons, reason => reason.Kind == HealthReasonKinds.SilentChange);
            Assert.Contains(health.Reasons, reason => reason is { Kind: HealthReasonKinds.Checksum } && reason.Offset == start);
            var step = Assert.Single(health.Repair!.Steps);
            Assert.Equal([new ByteRange(start, Math.Min(Block, (long)(12.5 * Block) - start))], step.Ranges);
            Assert.Equal(step.Ranges[0].Length, health.Repair.EstimatedBytes);
            Assert.InRange(health.IntegrityScore!.Value, 0.4, 0.5);
            ModelFolder.FlipSilently(file, at);
            Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("m", full: true, Token)).State);
        }
    }

    [Fact]
    public async Task With_change_times_a_file_that_was_written_is_read_whole_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells change times here.");
        string file = _folder.WriteBlocks("m/model.bin", 30);
        var monitor = _folder.Monitor(seesChangeTimes: true);
        await monitor.CheckAsync("m", cancellationToken: Token);
        ModelFolder.FlipSilently(file, 20 * Block);
        Assert.Equal(HealthState.Damaged, (await monitor.CheckAsync("m", cancellationToken: Token)).State);
    }

    [Fact]
    public async Task Replaced_content_is_a_new_version_and_damage_is_not_trusted_because_it_was_written_again()
    {
        string file = _folder.WriteBlocks("m/model.bin", 4);
        var monitor = _folder.Monitor();
        await monitor.CheckAsync("m", cancellationToken: Token);
        byte[] original = File.ReadAllBytes(file);
        ModelFolder.FlipSilently(file, 10);
        Assert.Equal(HealthState.Damaged, (await monitor.CheckAsync("m", full: true, Token)).State);

        // A repair of the wrong block.
        byte[] wrong = [.. original];
        wrong[3] ^= 1;
        File.WriteAllBytes(file, wrong);
        File.SetLastWriteTimeUtc(file, new(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        var health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal(HealthState.Damaged, health.State);
        Assert.Contains(health.Reasons, reason => reason.Sentence.Contains("written again", StringComparison.Ordinal));

        File.WriteAllBytes(file, original);
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("m", cancellationToken: Token)).State);

        _folder.Write("m/model.bin", "a new version");
        health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Healthy, HealthReasonKinds.Changed), (health.State, Assert.Single(health.Reasons).Kind));
        Assert.Empty((await monitor.CheckAsync("m", cancellationToken: Token)).Reasons);
    }

    [Fact]
    public async Task A_manifest_decides_what_content_is_right_and_repair_begins_with_what_is_small()
    {
        byte[] weights = SmallFiles.Safetensors();
        byte[] config = """{"vocab_size":4}"""u8.ToArray();
        string directory = Path.GetDirectoryName(_folder.Write("m/model.safetensors", weights))!;
        _folder.Write("m/config.json", """{"vocab_size":5}""");
        _folder.Write("m/cut.bin", "abc");
        new ModelManifest
        {
            Name = "org/m",
            Files =
            [
                Entry("model.safetensors", weights), Entry("config.json", config), Entry("cut.bin", "abcdef"u8.ToArray()), new() { Path = "gone.gguf", SizeBytes = 1_000 }, new() { Path = "model.index.json", SizeBytes = 50 },
            ],
        }.Write(directory);
        var health = await _folder.Monitor().CheckAsync("org/m", cancellationToken: Token);
        Assert.Equal((HealthState.Damaged, 2), (health.State, health.FilesMissing));
        Assert.Equal(["model.index.json", "config.json", "cut.bin", "gone.gguf"], health.Repair!.Steps.Select(step => step.File));
        // Of the file that was cut off only its end is loaded; the manifest's hash says in the end whether its beginning was right.
        Assert.Equal(50 + config.Length + 3 + 1_000, health.Repair.EstimatedBytes);
        Assert.Contains(health.Reasons, reason => reason is { File: "config.json", Kind: HealthReasonKinds.Hash });
        var cut = Assert.Single(health.Reasons, reason => reason is { File: "cut.bin", Kind: HealthReasonKinds.Truncated, Offset: 3, Length: 3 });
        Assert.Equal("The file is truncated: it has 3 B of 6 B according to the manifest; 3 B are missing at its end.", cut.Sentence);
    }

    [Fact]
    public async Task Content_that_a_manifest_confirms_is_not_called_damaged_for_its_structure()
    {
        byte[] odd = SmallFiles.Safetensors("""{"a":{"dtype":"F33","shape":[4],"data_offsets":[0,8]}}""", 8);
        _folder.Write("m/model.safetensors", odd);
        Assert.Equal(HealthState.Damaged, (await _folder.Monitor().CheckAsync("m", cancellationToken: Token)).State);
        _folder.Write("m/SHA256SUMS", Convert.ToHexStringLower(SHA256.HashData(odd)) + "  model.safetensors\n");
        var health = await _folder.Monitor().CheckAsync("m", full: true, Token);
        Assert.Equal((HealthState.Healthy, HealthSeverity.Warning), (health.State, Assert.Single(health.Reasons).Severity));
        Assert.Null(health.Repair);
    }

    [Fact]
    public async Task Git_object_ids_are_verified()
    {
        byte[] content = "hello\n"u8.ToArray();
        _folder.Write("m/config.json", "{}");
        new ModelManifest { Files = [new() { Path = "note.txt", GitSha1 = "ce013625030ba8dba906f756967f9e9ca394464a" }] }.Write(Path.Combine(_folder.Models, "m"));
        _folder.Write("m/note.txt", content);
        Assert.Equal(HealthState.Healthy, (await _folder.Monitor().CheckAsync("m", cancellationToken: Token)).State);
        _folder.Write("m/note.txt", "hellO\n");
        Assert.Equal(HealthState.Damaged, (await _folder.Monitor().CheckAsync("m", cancellationToken: Token)).State);
    }

    [Fact]
    public async Task An_index_is_compared_with_its_shards()
    {
        _folder.Write("m/model-00001-of-00002.safetensors", SmallFiles.Safetensors("a", "b"));
        string second = _folder.Write("m/model-00002-of-00002.safetensors", SmallFiles.Safetensors("c"));
        _folder.Write(
            "m/model.safetensors.index.json",
            """{"metadata":{},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors","d":"model-00003-of-00002.safetensors"}}""");
        var monitor = _folder.Monitor();
        var health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Incomplete, "model-00003-of-00002.safetensors"), (health.State, Assert.Single(health.Reasons).File));

        File.WriteAllBytes(second, SmallFiles.Safetensors("e"));
        health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Contains(health.Reasons, reason => reason is { Kind: HealthReasonKinds.Contradiction, File: "model-00002-of-00002.safetensors" });

        File.Delete(second);
        health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal(2, health.FilesMissing);
    }

    [Fact]
    public async Task External_data_of_onnx_must_be_there_and_long_enough()
    {
        _folder.Write("m/model.onnx", SmallFiles.Onnx("weights.data"));
        var monitor = _folder.Monitor();
        Assert.Equal((HealthState.Incomplete, "weights.data"), ((await monitor.CheckAsync("m", cancellationToken: Token)).State, monitor.Find("m")!.Reasons[0].File));
        _folder.Write("m/weights.data", new byte[20]);
        Assert.Contains("beyond its end", (await monitor.CheckAsync("m", cancellationToken: Token)).Reasons[0].Sentence, StringComparison.Ordinal);
        _folder.Write("m/weights.data", new byte[24]);
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("m", cancellationToken: Token)).State);
    }

    [Fact]
    public async Task A_vocabulary_smaller_than_the_tokenizer_is_a_warning()
    {
        _folder.Write("m/config.json", """{"vocab_size":3}""");
        _folder.Write("m/tokenizer.json", SmallFiles.Tokenizer(4));
        var health = await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Healthy, HealthReasonKinds.Contradiction), (health.State, Assert.Single(health.Reasons).Kind));
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_makes_the_state_unknown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Needs a user whom modes of files bind.");
        string file = _folder.Write("m/a.gguf", SmallFiles.Gguf());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.None);
        }

        var health = await _folder.Monitor().CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Unknown, HealthReasonKinds.Unreadable, null), (health.State, Assert.Single(health.Reasons).Kind, health.IntegrityScore));
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_not_trusted()
    {
        string file = _folder.WriteBlocks("m/model.bin", 6);
        int calls = 0;
        var monitor = new ModelHealthMonitor(
            new() { Directories = [_folder.Models], StateDirectory = _folder.State }, null, null, _folder.Time, null, null, null, path => FileStamp.Of(path) is { } stamp ? stamp with { ModifiedNs = calls++ } : null);
        var health = await monitor.CheckAsync("m", cancellationToken: Token);
        Assert.Equal((HealthState.Unknown, HealthReasonKinds.BeingWritten), (health.State, Assert.Single(health.Reasons).Kind));
        Assert.Equal(HealthState.Healthy, (await _folder.Monitor().CheckAsync("m", cancellationToken: Token)).State);
        Assert.True(File.Exists(file));
    }

    private static ManifestFile Entry(string path, byte[] content) => new() { Path = path, SizeBytes = content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
}
