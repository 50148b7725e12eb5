using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class BaselineSettingsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Hour = new(Noon.AddHours(-1), Noon);

    [Fact]
    public async Task A_pinned_range_is_read_back_until_it_is_taken_away()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var settings = await OpenAsync(folder, token);
        Assert.Equal(new(null, 0, null, null), await settings.ReadAsync(token));
        await settings.PinAsync(0, Hour, "release 4", "ada", token);
        var pinned = await settings.ReadAsync(token);
        Assert.Equal((Hour, "release 4", 1L, "ada"), (pinned.Pinned!.Range(), pinned.Pinned.Name, pinned.Version, pinned.ChangedBy));
        Assert.Null((await settings.UnpinAsync(1, "bob", token))!.Pinned);
        Assert.Equal((null, 2L), ((await settings.ReadAsync(token)).Pinned, (await settings.ReadAsync(token)).Version));
    }

    [Fact]
    public async Task Of_two_who_pin_over_the_same_version_the_second_is_told_and_changes_nothing()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var settings = await OpenAsync(folder, token);
        await settings.PinAsync(0, Hour, "first", "ada", token);
        Assert.Null(await settings.PinAsync(0, Hour, "second", "bob", token));
        Assert.Equal("first", (await settings.ReadAsync(token)).Pinned!.Name);
    }

    private static async Task<BaselineSettings> OpenAsync(TemporaryFolder folder, CancellationToken token)
    {
        var database = new SqliteDatabase(Path.Combine(folder.Path, "test.db"), new NameDirectory(), TimeProvider.System);
        await database.MigrateAsync(token);
        return new(new EfSettingStore(database, new FakeTimeProvider(Noon)));
    }
}
