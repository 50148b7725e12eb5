using System.Security.Cryptography;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class FinderTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_download_notes_beside_its_part_is_no_file_of_the_model()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        foreach (string note in new[] { "a.gguf.part", "a.gguf.part.json", "a.gguf.part.json.tmp", "a.gguf.part.json.broken" })
        {
            _folder.Write("m/" + note, "x");
        }

        var health = await _folder.Monitor().CheckAsync("m", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((HealthState.Healthy, 1, HealthReasonKinds.PartialDownload), (health.State, health.Files, Assert.Single(health.Reasons).Kind));
    }

    [Fact]
    public async Task Of_a_model_that_is_being_downloaded_what_has_come_so_far_counts_and_nothing_was_read_in_full()
    {
        _folder.Write("m/config.json", "{}");
        _folder.Write("m/a.safetensors.part", new byte[1_000]);
        PartJournal.Write(Path.Combine(_folder.Models, "m", "a.safetensors"), new() { Url = "https://example.org/a", Size = 1_000, Ranges = [0, 250] });
        var monitor = _folder.Monitor();
        var health = await monitor.CheckAsync("m", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((HealthState.Incomplete, 1, 1, 2L), (health.State, health.Files, health.FilesMissing, health.SizeBytes));
        Assert.Equal("The download of 'a.safetensors' has not ended.", Assert.Single(health.Reasons).Sentence);
        Assert.Equal(252.0 / 1_002, health.IntegrityScore!.Presence, 9);
    }

    [Theory]
    [InlineData("""{"url":"x","size":1000,"ranges":null}""")]
    [InlineData("""{"url":"x","size":9223372036854775807,"ranges":[0,9223372036854775807,0,9223372036854775807]}""")]
    [InlineData("""{"url":"x","size":1000,"ranges":[9223372036854775807,-9223372036854775808]}""")]
    [InlineData("""{"url":"x","size":1e400,"ranges":[0,1]}""")]
    [InlineData("""[[[1]]]""")]
    [InlineData("""null""")]
    [InlineData("\0\u00ff")]
    public void An_odd_note_about_a_part_says_nothing_and_stops_the_search_for_no_model(string note)
    {
        _folder.Write("m/a.safetensors.part", new byte[10]);
        _folder.Write("m/a.safetensors.part.json", note);
        _folder.Write("n/a.gguf", SmallFiles.Gguf());
        Assert.Null(PartJournal.Progress(Path.Combine(_folder.Models, "m", "a.safetensors")));
        var models = Find();
        Assert.Equal(["m", "n"], models.Select(model => model.Name));
        Assert.Equal((0L, null), (Assert.Single(models[0].Files).LoadedBytes, models[0].Files[0].Expected!.SizeBytes));
    }

    [Fact]
    public void Bytes_that_a_note_about_a_part_names_twice_count_once_and_a_note_that_is_too_large_is_not_read()
    {
        string final = Path.Combine(_folder.Models, "a.gguf");
        File.WriteAllText(PartJournal.PathOf(final), """{"url":"x","size":1000,"ranges":[500,900,0,600]}""");
        Assert.Equal((1_000L, 900L), PartJournal.Progress(final));
        using (var stream = File.OpenWrite(PartJournal.PathOf(final)))
        {
            stream.SetLength(1L << 40);
        }

        Assert.Null(PartJournal.Progress(final));
        Assert.Null(PartJournal.Read(final, null));
        Assert.True(File.Exists(PartJournal.PathOf(final) + ".broken"));
    }

    [Fact]
    public void A_part_beside_its_whole_file_is_that_of_a_repair_or_left_over()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        _folder.Write("m/a.gguf.part", "x");
        var reason = Assert.Single(Assert.Single(Find()).Reasons);
        Assert.Equal((HealthSeverity.Info, "'a.gguf.part' belongs to a download or a repair that has not ended, or is left over."), (reason.Severity, reason.Sentence));
    }

    [Fact]
    public void A_model_that_cannot_be_described_hides_no_other_one()
    {
        _folder.Write("models--org--odd/snapshots/abc/config.json", "{}");
        _folder.Write("n/a.gguf", SmallFiles.Gguf());
        var found = new ModelFinder(8, 100, 1_000, directory => Path.GetFileName(directory) == "abc" ? throw new InvalidOperationException("Odd.") : new DirectoryInfo(directory).EnumerateFileSystemInfos())
            .Find([_folder.Models], TestContext.Current.CancellationToken);
        Assert.Equal(["n"], found.Models.Select(model => model.Name));
        string repository = Path.Combine(_folder.Models, "models--org--odd");
        Assert.Equal((repository, "Odd."), (Assert.Single(found.Failures).Directory, found.Failures[0].Reason.Message));
        Assert.True(found.IsUnseen(Path.Combine(repository, "snapshots", "abc"), [], _ => null));
        Assert.False(found.IsUnseen(Path.Combine(_folder.Models, "n"), [], _ => null));
    }

    [Fact]
    public void An_entry_that_does_not_say_what_it_is_hides_none_of_the_others()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no error for such a name.");
        _folder.Write("n/a.gguf", SmallFiles.Gguf());
        // To look at it is an error, like at the place of a disk that failed while it was mounted: the name is too long.
        var odd = new DirectoryInfo(Path.Combine(_folder.Models, new string('x', 300)));
        var found = new ModelFinder(8, 100, 1_000, directory => new DirectoryInfo(directory).EnumerateFileSystemInfos().Prepend(odd)).Find([_folder.Models], TestContext.Current.CancellationToken);
        Assert.Equal(["n"], found.Models.Select(model => model.Name));
        Assert.True(found.IsUnseen(Path.Combine(odd.FullName, "m"), [], _ => null));
        Assert.False(found.IsUnseen(_folder.Models, [], _ => null));
    }

    [Fact]
    public async Task A_check_before_any_file_is_there_read_nothing_and_the_one_that_finds_the_first_reads_all()
    {
        new ModelManifest { Files = [new() { Path = "a.safetensors" }] }.Write(Directory.CreateDirectory(Path.Combine(_folder.Models, "m")).FullName);
        var monitor = _folder.Monitor();
        var nothing = await monitor.CheckAsync("m", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((HealthState.Incomplete, 0, 1, null), (nothing.State, nothing.Files, nothing.FilesMissing, nothing.LastFullCheckAt));
        _folder.Write("m/a.safetensors", SmallFiles.Safetensors());
        var whole = await monitor.CheckAsync("m", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((HealthState.Healthy, HealthCheckKind.Full, whole.LastCheckedAt), (whole.State, whole.LastCheck, whole.LastFullCheckAt));
    }

    [Fact]
    public void Directories_with_weights_or_a_configuration_are_models_named_by_their_path()
    {
        _folder.Write("org/one/config.json", "{}");
        _folder.Write("org/one/model.safetensors", SmallFiles.Safetensors());
        _folder.Write("org/one/onnx/model.onnx", SmallFiles.Onnx());
        _folder.Write("quantized/a.gguf", SmallFiles.Gguf());
        _folder.Write("notes/readme.txt", "x");
        var models = Find();
        Assert.Equal(["org/one", "quantized"], models.Select(model => model.Name));
        Assert.Equal(["config.json", "model.safetensors", "onnx/model.onnx"], models[0].Files.Select(file => file.Path));
    }

    [Fact]
    public void A_model_below_another_directory_with_weights_is_its_own_and_parts_of_a_pipeline_are_not()
    {
        _folder.Write("loose.gguf", SmallFiles.Gguf());
        _folder.Write("inner/config.json", "{}");
        _folder.Write("inner/model.safetensors", SmallFiles.Safetensors());
        _folder.Write("pipe/model_index.json", "{}");
        _folder.Write("pipe/unet/config.json", "{}");
        _folder.Write("pipe/unet/model.safetensors", SmallFiles.Safetensors());
        var models = Find();
        Assert.Equal(["inner", "models", "pipe"], models.Select(model => model.Name));
        Assert.Equal(["loose.gguf"], models[1].Files.Select(file => file.Path));
        Assert.Equal(3, models[2].Files.Count);
    }

    [Fact]
    public void A_hub_cache_is_recognized_and_the_names_of_its_blobs_are_the_hashes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string repository = HubRepository("models--org--name", ("model.safetensors", SmallFiles.Safetensors()), ("config.json", "{}"u8.ToArray()));
        File.WriteAllBytes(Path.Combine(repository, "blobs", new string('0', 64) + ".incomplete"), [1]);
        File.CreateSymbolicLink(Path.Combine(repository, "snapshots", "abc", "gone.json"), "../../blobs/" + new string('1', 40));
        var model = Assert.Single(Find());
        Assert.Equal("org/name", model.Name);
        Assert.Equal([true, false, true], model.Files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.IsThere));
        Assert.NotNull(model.Files.Single(file => file.Path == "model.safetensors").Expected!.Sha256);
        Assert.Equal(new string('1', 40), model.Files.Single(file => file.Path == "gone.json").Expected!.GitSha1);
        Assert.Equal((HealthReasonKinds.PartialDownload, HealthSeverity.Error), (Assert.Single(model.Reasons).Kind, model.Reasons[0].Severity));
    }

    [Fact]
    public void Manifest_checksum_lists_numbered_names_and_the_hubs_notes_say_what_must_be_there()
    {
        new ModelManifest { Files = [new() { Path = "a.gguf", SizeBytes = 7, Sha256 = new('a', 64) }, new() { Path = "missing.gguf", SizeBytes = 9 }] }.Write(Directory.CreateDirectory(Path.Combine(_folder.Models, "m")).FullName);
        _folder.Write("m/a.gguf", "GGUF");
        _folder.Write("s/model-00001-of-00003.safetensors", SmallFiles.Safetensors());
        _folder.Write("s/SHA256SUMS", $"{new string('b', 64)}  model-00001-of-00003.safetensors\n{new string('c', 64)} *./other.bin\n{new string('d', 64)}  ../outside\nnonsense\n");
        _folder.Write("n/x.onnx", SmallFiles.Onnx());
        _folder.Write("n/.cache/huggingface/download/x.onnx.metadata", $"commit\n{new string('e', 40)}\n1.0\n");
        _folder.Write("n/y.gguf.part", "GGUF");
        var models = Find();
        Assert.Equal(["m", "n", "s"], models.Select(model => model.Name));
        Assert.Equal([("a.gguf", true), ("missing.gguf", false)], models[0].Files.Select(file => (file.Path, file.IsThere)));
        Assert.Equal(new string('e', 40), models[1].Files.Single(file => file.Path == "x.onnx").Expected!.GitSha1);
        Assert.Equal(("y.gguf", HealthReasonKinds.PartialDownload), (models[1].Reasons[0].File, models[1].Reasons[0].Kind));
        Assert.Equal(
            ["SHA256SUMS", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "other.bin"], models[2].Files.Select(file => file.Path));
        Assert.Equal(new string('b', 64), models[2].Files[1].Expected!.Sha256);
    }

    [Fact]
    public void The_search_is_bounded_and_does_not_follow_circles()
    {
        for (int i = 0; i < 20; i++)
        {
            _folder.Write($"m{i:D2}/a.gguf", "GGUF");
        }

        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder.Models, "m00", "circle"), _folder.Models);
        }

        var found = new ModelFinder(8, 10, 100).Find([_folder.Models, _folder.Models, "/does/not/exist"], TestContext.Current.CancellationToken);
        Assert.Equal((10, true), (found.Models.Count, found.IsBounded));
        Assert.False(new ModelFinder(8, 100, 100).Find([_folder.Models], TestContext.Current.CancellationToken).IsBounded);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("c:/a")]
    [InlineData("a\\b")]
    public void A_manifest_names_only_files_below_its_directory(string path)
    {
        Assert.Throws<InvalidDataException>(() => new ModelManifest { Files = [new() { Path = path }] }.Write(_folder.Models));
        _folder.Write(".perfportal/manifest.json", $$"""{"version":1,"files":[{"path":"{{path.Replace("\\", "\\\\", StringComparison.Ordinal)}}"}]}""");
        Assert.Throws<InvalidDataException>(() => ModelManifest.Read(_folder.Models));
        var model = Assert.Single(Find());
        Assert.Equal(HealthReasonKinds.Unreadable, Assert.Single(model.Reasons).Kind);
    }

    private IReadOnlyList<ModelLocation> Find() => new ModelFinder(8, 100, 1_000).Find([_folder.Models], TestContext.Current.CancellationToken).Models;

    private string HubRepository(string name, params (string Path, byte[] Bytes)[] files)
    {
        string repository = Path.Combine(_folder.Models, name);
        foreach (string part in new[] { "blobs", "refs", "snapshots/abc", "snapshots/old" })
        {
            Directory.CreateDirectory(Path.Combine(repository, part));
        }

        File.WriteAllText(Path.Combine(repository, "refs", "main"), "abc");
        foreach (var (path, bytes) in files)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.WriteAllBytes(Path.Combine(repository, "blobs", hash), bytes);
            File.CreateSymbolicLink(Path.Combine(repository, "snapshots", "abc", path), "../../blobs/" + hash);
        }

        return repository;
    }
}
