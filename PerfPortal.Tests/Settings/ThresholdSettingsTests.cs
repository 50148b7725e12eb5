using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class ThresholdSettingsTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private readonly FakeTimeProvider _time = new(MemoryJournal.Start);
    private readonly PortalOptions _options = new() { PerformanceThresholds = PerformanceThresholds.Default with { HighCpuPercent = 70 } };
    private SqliteDatabase _database = null!;
    private ThresholdSettings _settings = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await _database.MigrateAsync(Token);
        _settings = Another();
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Before_anybody_edited_them_the_configuration_is_in_force()
    {
        Assert.Same(_options.PerformanceThresholds, _settings.Current);
        Assert.Equal(new ThresholdState(_options.PerformanceThresholds, 0, null, null), await _settings.ReadAsync(Token));
        Assert.Empty(await _settings.ReadHistoryAsync(10, Token));
    }

    [Fact]
    public async Task An_edit_is_in_force_at_once_for_others_after_reading_and_stands_in_the_history()
    {
        var other = Another();
        var first = await _settings.WriteAsync(0, _options.PerformanceThresholds with { FailureRate = 0.5 }, "ada", Token);
        Assert.Equal(1, first!.Version);
        Assert.Equal(0.5, _settings.Current.FailureRate);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await _settings.WriteAsync(1, _settings.Current with { LowDiskGb = 9 }, "bob", Token));
        Assert.Equal(0.05, other.Current.FailureRate);
        Assert.Equal((2L, "bob", 9d, 0.5), ((await other.ReadAsync(Token)).Version, (await other.ReadAsync(Token)).ChangedBy, other.Current.LowDiskGb, other.Current.FailureRate));
        var history = await _settings.ReadHistoryAsync(10, Token);
        Assert.Equal([(2L, "bob"), (1L, "ada")], history.Select(change => (change.Version, change.ChangedBy)));
        Assert.Equal([new ThresholdDifference("low_disk_gb", 5, 9)], history[0].Differences);
        Assert.Equal([new ThresholdDifference("failure_rate", 0.05, 0.5)], history[1].Differences);
        Assert.Equal(MemoryJournal.Start, history[1].ChangedAt);
        Assert.Single(await _settings.ReadHistoryAsync(1, Token));
    }

    [Fact]
    public async Task Of_two_who_edit_one_version_one_is_told_and_nothing_of_theirs_is_kept()
    {
        for (int version = 0; version < 5; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
                () => Another().WriteAsync(version, _options.PerformanceThresholds with { LowDiskGb = 10 + i }, "who" + i, Token), Token)));
            var winner = Assert.Single(results, result => result is not null)!;
            var state = await _settings.ReadAsync(Token);
            Assert.Equal((version + 1, winner.ChangedBy, winner.Thresholds.LowDiskGb), (state.Version, state.ChangedBy, state.Thresholds.LowDiskGb));
        }

        Assert.Equal([5L, 4, 3, 2, 1], (await _settings.ReadHistoryAsync(100, Token)).Select(change => change.Version));
        Assert.Null(await _settings.WriteAsync(9, _options.PerformanceThresholds, "early", Token));
        Assert.Null(await _settings.WriteAsync(0, _options.PerformanceThresholds, "late", Token));
    }

    private ThresholdSettings Another() => new(new EfSettingStore(_database, _time), _options);
}
