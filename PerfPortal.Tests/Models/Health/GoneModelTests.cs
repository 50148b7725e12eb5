using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>A model that is not found any more was deleted, or its disk is away: only the one ends what is known of it.</summary>
public sealed class GoneModelTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly EndedOperations _ended = new();
    private readonly PerformanceTracker _tracker;
    private readonly Dictionary<string, ulong> _renewed = [];
    private Func<string, DirectoryMark?> _born;
    private Func<string, IEnumerable<FileSystemInfo>> _list;
    private string? _failing;
    private int _failures;

    public GoneModelTests()
    {
        _tracker = new(new ActiveOperations(), _ended, _folder.Time, "tracker");
        _born = Mark;
        _list = List;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_disk_below_the_directory_that_fails_does_not_delete_its_models_nor_close_their_alerts()
    {
        var monitor = Monitor();
        await DamageAsync(monitor, "disk1/bad");
        _folder.WriteBlocks("disk2/good/model.bin", 1);
        Fail(Path.Combine(_folder.Models, "disk1"));
        ScanForAWhile(monitor);
        Assert.Equal(["disk2/good"], monitor.Models.Select(health => health.Name));
        Assert.Empty(Deletions());
        Fail(null);
        Assert.Equal(HealthState.Damaged, monitor.Scan(Token).Single(health => health.Name == "disk1/bad").State);
        Assert.Equal(HealthState.Damaged, Monitor().Find("disk1/bad")!.State);
    }

    [Fact]
    public async Task A_disk_below_the_directory_that_is_not_mounted_is_an_empty_directory_and_its_models_are_not_deleted()
    {
        var monitor = Monitor();
        await DamageAsync(monitor, "disk1/bad");
        _folder.WriteBlocks("disk2/good/model.bin", 1);
        string disk = Path.Combine(_folder.Models, "disk1");
        Directory.Move(disk, disk + "-away");
        Directory.CreateDirectory(disk);
        _renewed[disk] = 1;
        Directory.Move(disk + "-away", _folder.State + "-away");
        ScanForAWhile(monitor);
        Assert.Empty(Deletions());
        Directory.Delete(disk);
        Directory.Move(_folder.State + "-away", disk);
        Assert.Equal(HealthState.Damaged, monitor.Scan(Token).Single(health => health.Name == "disk1/bad").State);
    }

    [Fact]
    public async Task A_disk_that_fails_only_while_it_is_searched_is_not_taken_for_one_without_models()
    {
        var monitor = Monitor();
        await DamageAsync(monitor, "bad");
        Fail(_folder.Models, 1);
        Assert.Empty(monitor.Scan(Token));
        Assert.Empty(Deletions());
        Assert.Equal(HealthState.Damaged, Assert.Single(monitor.Scan(Token)).State);
    }

    [Fact]
    public async Task A_model_whose_manifest_cannot_be_read_goes_by_another_name_and_is_not_deleted()
    {
        string directory = Path.GetDirectoryName(_folder.WriteBlocks("m/model.bin", 1))!;
        new ModelManifest { Name = "org/named", Files = [new() { Path = "model.bin" }] }.Write(directory);
        var monitor = Monitor();
        await monitor.CheckAsync("org/named", full: true, Token);
        string manifest = Path.Combine(directory, ModelManifest.RelativePath);
        string content = await File.ReadAllTextAsync(manifest, Token);
        await File.WriteAllTextAsync(manifest, "{", Token);
        ScanForAWhile(monitor);
        await File.WriteAllTextAsync(manifest, content, Token);
        Assert.Equal(HealthState.Healthy, Assert.Single(monitor.Scan(Token)).State);
    }

    [Fact]
    public async Task A_model_that_was_deleted_from_a_directory_with_others_is_reported_although_another_disk_fails()
    {
        var monitor = Monitor();
        await DamageAsync(monitor, "disk1/bad");
        _folder.WriteBlocks("disk1/other/model.bin", 1);
        _folder.WriteBlocks("disk2/good/model.bin", 1);
        Fail(Path.Combine(_folder.Models, "disk2"));
        Directory.Delete(Path.Combine(_folder.Models, "disk1", "bad"), recursive: true);
        ScanForAWhile(monitor);
        Assert.Equal(["disk1/bad"], Deletions());
    }

    [Fact]
    public async Task A_damaged_model_that_could_not_be_read_at_its_last_check_is_reported_when_it_is_deleted()
    {
        bool isChanging = false;
        long looks = 0;
        var monitor = new ModelHealthMonitor(
            new() { Directories = [_folder.Models], StateDirectory = _folder.State, Source = "host" }, _tracker, null, _folder.Time, null, null, null,
            path => FileStamp.Of(path) is { } stamp ? stamp with { ChangedNs = isChanging ? ++looks : 0 } : null);
        await DamageAsync(monitor, "bad");
        isChanging = true;
        Assert.Equal(HealthState.Unknown, (await monitor.CheckAsync("bad", full: true, Token)).State);
        Directory.Delete(Path.Combine(_folder.Models, "bad"), recursive: true);
        _folder.WriteBlocks("other/model.bin", 1);
        ScanForAWhile(monitor);
        Assert.Equal(["bad"], Deletions());
    }

    [Fact]
    public async Task A_kill_before_the_report_of_a_deletion_is_stored_repeats_it_after_the_restart()
    {
        var killed = Monitor();
        await DamageAsync(killed, "bad");
        Directory.Delete(Path.Combine(_folder.Models, "bad"), recursive: true);
        _folder.WriteBlocks("other/model.bin", 1);
        killed.Scan(Token);
        Assert.Equal(["bad"], Deletions());
        ScanForAWhile(Monitor());
        Assert.Equal(["bad", "bad"], Deletions());
        ScanForAWhile(Monitor());
        Assert.Equal(["bad", "bad"], Deletions());
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.State, "health")));
    }

    [Fact]
    public async Task A_model_that_comes_back_after_its_deletion_was_reported_is_due_at_once()
    {
        var monitor = Monitor();
        await DamageAsync(monitor, "bad");
        _folder.WriteBlocks("other/model.bin", 1);
        string directory = Path.Combine(_folder.Models, "bad");
        Directory.Move(directory, _folder.State + "-away");
        monitor.Scan(Token);
        Assert.Equal(["bad"], Deletions());
        Directory.Move(_folder.State + "-away", directory);
        var back = monitor.Scan(Token).Single(health => health.Name == "bad");
        Assert.Equal((HealthState.Damaged, _folder.Time.GetUtcNow()), (back.State, back.NextCheckAt));
    }

    [Fact]
    public async Task The_last_model_of_a_directory_that_stays_behind_empty_is_deleted()
    {
        await DamageAsync(Monitor(), "org/bad");
        Directory.Delete(Path.Combine(_folder.Models, "org", "bad"), recursive: true);
        ScanForAWhile(Monitor());
        Assert.Equal(["org/bad"], Deletions());
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.State, "health")));
    }

    [Fact]
    public async Task A_model_whose_files_are_deleted_from_its_directory_is_deleted()
    {
        string file = Path.Combine(_folder.Models, "org", "bad", "model.bin");
        var monitor = Monitor();
        await DamageAsync(monitor, "org/bad");
        File.Delete(file);
        ScanForAWhile(monitor);
        Assert.Equal(["org/bad"], Deletions());
    }

    [Fact]
    public async Task Where_the_file_system_does_not_note_when_directories_were_created_an_empty_one_may_be_the_place_of_a_disk()
    {
        _born = path => null;
        var monitor = Monitor();
        await DamageAsync(monitor, "org/bad");
        Directory.Delete(Path.Combine(_folder.Models, "org", "bad"), recursive: true);
        ScanForAWhile(monitor);
        Assert.Empty(Deletions());
        Directory.Delete(Path.Combine(_folder.Models, "org"));
        _folder.WriteBlocks("other/model.bin", 1);
        ScanForAWhile(monitor);
        Assert.Equal(["org/bad"], Deletions());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_whose_place_has_other_files_or_is_removed_with_it_is_not_taken_for_deleted_models(bool isRemoved)
    {
        string disk = Path.Combine(_folder.Models, "disk1");
        bool isMounted = true;
        _born = path => !Path.Exists(path) ? null : path == disk && isMounted ? new(2, 7, true) : Mark(path);
        var monitor = Monitor();
        await DamageAsync(monitor, "disk1/bad");
        _folder.WriteBlocks("disk2/good/model.bin", 1);
        isMounted = false;
        Directory.Move(disk, _folder.State + "-away");
        if (!isRemoved)
        {
            _folder.Write("disk1/not-mounted.txt", "x");
        }

        ScanForAWhile(monitor);
        Assert.Empty(Deletions());

        // Mounted again, the models of the disk can be deleted like any others.
        if (!isRemoved)
        {
            Directory.Delete(disk, recursive: true);
        }

        Directory.Move(_folder.State + "-away", disk);
        isMounted = true;
        Assert.Equal(HealthState.Damaged, monitor.Scan(Token).Single(health => health.Name == "disk1/bad").State);
        Directory.Delete(Path.Combine(disk, "bad"), recursive: true);
        ScanForAWhile(Monitor());
        Assert.Equal(["disk1/bad"], Deletions());
    }

    [Fact]
    public async Task A_disk_that_is_mounted_between_the_search_and_the_look_at_its_place_deletes_nothing()
    {
        string disk = Path.Combine(_folder.Models, "disk1");
        var monitor = Monitor();
        await DamageAsync(monitor, "disk1/bad");
        int looks = 0;
        _list = directory => directory == disk && looks++ == 0 ? [] : new DirectoryInfo(directory).EnumerateFileSystemInfos();
        monitor.Scan(Token);
        Assert.Empty(Deletions());
        Assert.Equal(2, looks);
        Assert.Equal(HealthState.Damaged, Assert.Single(monitor.Scan(Token)).State);
    }

    [Fact]
    public void The_mark_of_a_directory_is_its_own_and_says_whether_a_file_system_is_mounted_there()
    {
        Assert.SkipWhen(DirectoryMark.Of(_folder.Models) is null, "This file system does not note when directories were created.");
        string one = Directory.CreateDirectory(Path.Combine(_folder.Models, "one")).FullName;
        string other = Directory.CreateDirectory(Path.Combine(_folder.Models, "other")).FullName;
        var mark = DirectoryMark.Of(one)!;
        Assert.NotEqual(mark, DirectoryMark.Of(other));
        File.WriteAllText(Path.Combine(one, "x"), "x");
        Assert.Equal(mark, DirectoryMark.Of(one));
        Assert.False(mark.IsMountRoot);
        Assert.Null(DirectoryMark.Of(Path.Combine(one, "x")));
        Assert.Null(DirectoryMark.Of(Path.Combine(one, "none")));
    }

    private ModelHealthMonitor Monitor() => _folder.Monitor(_tracker, list: directory => _list(directory), mark: path => _born(path));

    private DirectoryMark? Mark(string path) => Directory.Exists(path) ? new(_renewed.GetValueOrDefault(path), path.Length, false) : null;

    private void Fail(string? directory, int times = int.MaxValue) => (_failing, _failures) = (directory, times);

    private IEnumerable<FileSystemInfo> List(string directory) =>
        directory == _failing && _failures-- > 0 ? throw new IOException("Input/output error") : new DirectoryInfo(directory).EnumerateFileSystemInfos();

    private async Task DamageAsync(ModelHealthMonitor monitor, string name)
    {
        string file = _folder.WriteBlocks(name + "/model.bin", 1);
        await monitor.CheckAsync(name, full: true, Token);
        ModelFolder.FlipSilently(file, 5);
        Assert.Equal(HealthState.Damaged, (await monitor.CheckAsync(name, full: true, Token)).State);
    }

    private void ScanForAWhile(ModelHealthMonitor monitor)
    {
        for (int i = 0; i < 3; i++)
        {
            monitor.Scan(Token);
            _folder.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private IEnumerable<string> Deletions()
    {
        _tracker.Drain();
        return _ended.Operations.Where(operation => operation.Metadata["model_deleted"].Numeric == 1 && operation.Status == OperationStatus.Cancelled).Select(operation => operation.Name);
    }
}
