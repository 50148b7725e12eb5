using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using PerfPortal.Domain.Models.Repair;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Models.Health;
using Xunit;

namespace PerfPortal.Tests.Models.Repair;

/// <summary>From a check to a repaired model: where files come from, and what of them is loaded.</summary>
public sealed class ModelRepairerTests : IAsyncLifetime
{
    private const int Mebi = 1 << 20;
    private static readonly byte[] Weights = DownloadBench.Random(6 * Mebi);
    private static readonly byte[] Settings = "{\"a\":1}"u8.ToArray();

    private readonly DownloadBench _bench = new(options => options with { WriteManifest = true });
    private readonly OddServer _server = new(Weights);

    private static CancellationToken Token => DownloadBench.Token;

    public ValueTask InitializeAsync()
    {
        _server.Behave = (request, _) => request.Target.EndsWith("config.json", StringComparison.Ordinal) ? new(200, Settings) : null;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_model_is_repaired_by_its_manifest_after_its_download_was_forgotten()
    {
        var loaded = await _bench.LoadAsync(Model("org/m", _server.Url(), _server.Url("config.json")));
        Assert.True(_bench.Downloader.Remove(loaded.Id));
        var monitor = Monitor();
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/m", cancellationToken: Token)).State);
        Flip(2 * Mebi);
        File.Delete(_bench.PathOf("config.json"));
        long before = _server.BytesSent;
        var damaged = await monitor.CheckAsync("org/m", full: true, Token);
        var repairer = new ModelRepairer(_bench.Downloader);
        var plan = repairer.Plan(damaged)!;
        Assert.Equal(["config.json", "model.bin"], plan.Files.Select(file => file.Step.File));
        Assert.Equal((Mebi + Settings.Length, Weights.Length + Settings.Length), (plan.BytesToLoad, plan.BytesTotal));
        Assert.Equal([_server.Url("config.json").AbsoluteUri, _server.Url().AbsoluteUri], plan.Files.Select(file => file.Origin));
        var handle = repairer.Start(plan)!;
        await handle.Completion;
        Assert.Equal(Mebi + Settings.Length, _server.BytesSent - before);
        Assert.Null(repairer.FindRunning(plan));
        Assert.Equal(handle.Id, repairer.FindLast(damaged)!.Id);
        var repaired = await monitor.CheckAsync("org/m", cancellationToken: Token);
        Assert.Equal((HealthState.Healthy, 1.0), (repaired.State, repaired.IntegrityScore!.Value));
        Assert.Null(repairer.Plan(repaired));
        Assert.Equal("org/m", ModelManifest.Read(_bench.Target)!.Name);
    }

    [Fact]
    public async Task A_directory_that_was_copied_to_another_host_is_repaired_with_what_its_manifest_says()
    {
        await _bench.LoadAsync(Model("org/m", new("http://127.0.0.1:1/gone"), _server.Url("config.json")) with
        {
            Files = [new() { Url = new("http://127.0.0.1:1/gone"), Path = "model.bin", Mirrors = [_server.Url()] }, new() { Url = _server.Url("config.json"), Path = "config.json" }],
        });
        await using var other = new DownloadBench();
        foreach (string file in Directory.GetFiles(_bench.Target, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Join(other.Target, Path.GetRelativePath(_bench.Target, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // Nothing is known of its blocks there, but its size: only its end is missing.
        await using (var stream = new FileStream(other.PathOf(), FileMode.Open))
        {
            stream.SetLength(4 * Mebi);
        }

        long before = _server.BytesSent;
        var monitor = new ModelHealthMonitor(new() { Directories = [other.Target], StateDirectory = Path.Join(other.Root, "health") });
        var damaged = await monitor.CheckAsync("org/m", cancellationToken: Token);
        Assert.Equal((HealthState.Damaged, 2L * Mebi), (damaged.State, damaged.Repair!.EstimatedBytes));
        var repairer = new ModelRepairer(other.Downloader);
        await repairer.Start(repairer.Plan(damaged)!)!.Completion;
        Assert.Equal(2 * Mebi, _server.BytesSent - before);
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/m", cancellationToken: Token)).State);
    }

    [Fact]
    public async Task Without_a_manifest_the_remembered_download_says_where_its_files_came_from_and_its_credentials_go_there_only()
    {
        await _bench.LoadAsync(Model("m", _server.Url(), _server.Url("config.json")) with { Authorization = "Bearer secret" });
        Directory.Delete(Path.Join(_bench.Target, ".perfportal"), recursive: true);
        var monitor = Monitor();
        string name = Path.GetFileName(_bench.Target);
        await monitor.CheckAsync(name, cancellationToken: Token);
        Flip(Mebi);
        var damaged = await monitor.CheckAsync(name, full: true, Token);
        int before = _server.Requests.Count;
        var repairer = new ModelRepairer(_bench.Downloader);
        await repairer.Start(repairer.Plan(damaged)!)!.Completion;
        Assert.All(_server.Requests.Skip(before), request => Assert.Equal("Bearer secret", request.Headers["Authorization"]));
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync(name, cancellationToken: Token)).State);

        // A manifest that somebody wrote names another server: nothing is sent there.
        await using var other = new OddServer(Weights);
        new ModelManifest { Files = [new() { Path = "model.bin", SizeBytes = Weights.Length, Sha256 = DownloadBench.Sha256(Weights), Url = other.Url().AbsoluteUri }] }.Write(_bench.Target);
        Flip(Mebi);
        damaged = await monitor.CheckAsync(name, full: true, Token);
        await repairer.Start(repairer.Plan(damaged)!)!.Completion;
        Assert.NotEmpty(other.Requests);
        Assert.All(other.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Without_any_origin_there_is_a_plan_but_no_repair_and_an_address_that_is_none_is_no_origin()
    {
        Directory.CreateDirectory(_bench.Target);
        await File.WriteAllBytesAsync(_bench.PathOf(), Weights, Token);
        await File.WriteAllBytesAsync(_bench.PathOf("config.json"), Settings, Token);
        string name = Path.GetFileName(_bench.Target);
        var monitor = Monitor();
        Assert.Null(new ModelRepairer(_bench.Downloader).Plan(await monitor.CheckAsync(name, cancellationToken: Token)));
        foreach (string? url in new[] { null, "", "ftp://a.example/m", "file:///etc/passwd", "http://user:secret@a.example/m", "model.bin" })
        {
            new ModelManifest { Name = name, Files = [new() { Path = "model.bin", Sha256 = new('a', 64), Url = url }] }.Write(_bench.Target);
            var damaged = await monitor.CheckAsync(name, full: true, Token);
            var repairer = new ModelRepairer(_bench.Downloader, new("https://hub.example"));
            var plan = repairer.Plan(damaged)!;
            Assert.Equal(["model.bin"], plan.WithoutOrigin);
            Assert.False(plan.IsPossible);
            Assert.Null(repairer.Start(plan));
        }
    }

    [Fact]
    public async Task A_snapshot_in_the_cache_of_the_hub_is_repaired_from_the_hub_by_its_layout_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        const string Commit = "0123456789abcdef0123456789abcdef01234567";
        string hash = DownloadBench.Sha256(Weights);
        string repository = Path.Join(_bench.Target, "models--org--tiny");
        string snapshot = Path.Join(repository, "snapshots", Commit);
        string blob = Path.Join(repository, "blobs", hash);
        Directory.CreateDirectory(Path.Join(snapshot, "onnx"));
        Directory.CreateDirectory(Path.Join(repository, "blobs"));
        Directory.CreateDirectory(Path.Join(repository, "refs"));
        await File.WriteAllTextAsync(Path.Join(repository, "refs", "main"), Commit, Token);
        await File.WriteAllBytesAsync(blob, Weights, Token);
        string link = Path.Join(snapshot, "onnx", "model.bin");
        File.CreateSymbolicLink(link, "../../../blobs/" + hash);

        var monitor = Monitor();
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/tiny", cancellationToken: Token)).State);
        Flip(3 * Mebi, blob);
        var damaged = await monitor.CheckAsync("org/tiny", full: true, Token);
        Assert.Null(new ModelRepairer(_bench.Downloader).Start(new ModelRepairer(_bench.Downloader).Plan(damaged)!));
        var repairer = new ModelRepairer(_bench.Downloader, _server.Url(""));
        var plan = repairer.Plan(damaged)!;
        Assert.Equal((Mebi, (long)Weights.Length), (plan.BytesToLoad, plan.BytesTotal));
        await repairer.Start(plan)!.Completion;
        Assert.Equal(Mebi, _server.BytesSent);
        Assert.All(_server.Requests, request => Assert.Equal($"/org/tiny/resolve/{Commit}/onnx/model.bin", request.Target));
        Assert.Equal("../../../blobs/" + hash, new FileInfo(link).LinkTarget);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(link, Token));
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/tiny", cancellationToken: Token)).State);
        Assert.False(Directory.Exists(Path.Join(_bench.Target, ".perfportal")), "A cache has no manifest.");

        // A blob that is gone is loaded whole.
        File.Delete(blob);
        var incomplete = await monitor.CheckAsync("org/tiny", cancellationToken: Token);
        Assert.Equal(HealthState.Incomplete, incomplete.State);
        await repairer.Start(repairer.Plan(incomplete)!)!.Completion;
        Assert.Equal(Weights, await File.ReadAllBytesAsync(link, Token));
    }

    [Fact]
    public async Task Plans_of_several_models_from_what_was_recalled_once_say_the_same_as_those_of_each()
    {
        var damaged = new List<ModelHealth>();
        foreach (string name in new[] { "one", "two" })
        {
            await _bench.LoadAsync(Model("org/" + name, _server.Url(), _server.Url("config.json")) with { Directory = _bench.PathOf(name) });
            Directory.Delete(Path.Join(_bench.PathOf(name), ".perfportal"), recursive: true);
        }

        var monitor = Monitor();
        foreach (string name in new[] { "one", "two" })
        {
            await monitor.CheckAsync(name, cancellationToken: Token);
            Flip(Mebi, Path.Join(_bench.PathOf(name), "model.bin"));
            damaged.Add(await monitor.CheckAsync(name, full: true, Token));
        }

        var repairer = new ModelRepairer(_bench.Downloader);
        var recalled = repairer.Recall();
        var plans = damaged.ConvertAll(model => (Alone: repairer.Plan(model)!, Listed: repairer.Plan(model, recalled)!));
        Assert.All(plans, plan => Assert.Equal((_server.Url().AbsoluteUri, Mebi), (Assert.Single(plan.Listed.Files).Origin!, plan.Listed.BytesToLoad)));
        Assert.All(plans, plan => Assert.Equal((plan.Alone.Files[0].Origin, plan.Alone.BytesToLoad, plan.Alone.BytesTotal), (plan.Listed.Files[0].Origin, plan.Listed.BytesToLoad, plan.Listed.BytesTotal)));
        var gate = new TaskCompletionSource();
        _server.Behave = (request, _) => _server.Ordinary(request) with { Between = gate.Task };
        var handle = repairer.Start(plans[1].Listed)!;
        recalled = repairer.Recall();
        Assert.Equal((null, (Guid?)handle.Id), (repairer.FindRunning(plans[0].Listed, recalled)?.Id, repairer.FindRunning(plans[1].Listed, recalled)?.Id));
        Assert.Equal(handle.Id, repairer.FindRunning(plans[1].Alone)!.Id);
        gate.SetResult();
        await handle.Completion;
        Assert.Null(repairer.FindRunning(plans[1].Listed, recalled));
    }

    [Fact]
    public async Task Two_damaged_files_whose_names_differ_only_in_case_are_both_repaired_where_they_are_two()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere they are one file.");
        string hash = DownloadBench.Sha256(Weights);
        string[] names = ["a.bin", "A.bin"];
        new ModelManifest { Name = "org/m", Files = [.. names.Select(name => new ManifestFile { Path = name, SizeBytes = Weights.Length, Sha256 = hash, Url = _server.Url(name).AbsoluteUri })] }.Write(_bench.Target);
        foreach (string name in names)
        {
            await File.WriteAllBytesAsync(_bench.PathOf(name), Weights, Token);
        }

        var monitor = Monitor();
        await monitor.CheckAsync("org/m", cancellationToken: Token);
        Array.ForEach(names, name => Flip(Mebi, _bench.PathOf(name)));
        var damaged = await monitor.CheckAsync("org/m", full: true, Token);
        var repairer = new ModelRepairer(_bench.Downloader);
        await repairer.Start(repairer.Plan(damaged)!)!.Completion;
        foreach (string name in names)
        {
            Assert.Equal(Weights, await File.ReadAllBytesAsync(_bench.PathOf(name), Token));
        }

        var download = new DownloadRequest { Directory = _bench.Target, Files = [.. names.Select(name => new DownloadFile { Url = _server.Url(name), Path = name })] };
        Assert.Contains("More than one file has the path", download.Check(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_only_a_check_trusts_is_repaired_to_what_it_was()
    {
        // Its publisher names no hash, but the first check noted one.
        new ModelManifest { Name = "org/m", Files = [new() { Path = "model.bin", Url = _server.Url().AbsoluteUri }] }.Write(_bench.Target);
        await File.WriteAllBytesAsync(_bench.PathOf(), Weights, Token);
        var monitor = Monitor();
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/m", cancellationToken: Token)).State);
        Flip(Mebi);
        var damaged = await monitor.CheckAsync("org/m", full: true, Token);
        var repairer = new ModelRepairer(_bench.Downloader);
        Assert.Equal(DownloadBench.Sha256(Weights), repairer.Plan(damaged)!.Files[0].Source!.Sha256);
        await repairer.Start(repairer.Plan(damaged)!)!.Completion;
        Assert.Equal(Mebi, _server.BytesSent);
        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("org/m", cancellationToken: Token)).State);
    }

    private ModelHealthMonitor Monitor() => new(new() { Directories = [_bench.Target], StateDirectory = Path.Join(_bench.Root, "health") });

    private DownloadRequest Model(string name, Uri weights, Uri settings) =>
        new() { Name = name, Directory = _bench.Target, Files = [new() { Url = weights, Path = "model.bin" }, new() { Url = settings, Path = "config.json" }] };

    private void Flip(long at, string? path = null) => ModelFolder.FlipSilently(path ?? _bench.PathOf(), at);
}
