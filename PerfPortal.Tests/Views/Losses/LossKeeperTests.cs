using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Views.Losses;

public sealed class LossKeeperTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reasons_are_stored_by_name_and_details_of_the_latest_losses_only()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var database = new SqliteDatabase(Path.Combine(folder.Path, "test.db"), new NameDirectory(), TimeProvider.System);
        await database.MigrateAsync(token);
        var store = new EfSettingStore(database, TimeProvider.System);

        // Reasons were stored as numbers before.
        var before = Enumerable.Range(0, LossKeeper.MaxDetails + 5).Select(i => Loss("s" + i, i)).ToList();
        await store.ReplaceAsync("losses", JsonSerializer.Serialize(before), "portal", token);
        using var keeper = new LossKeeper(new(), store, NullLogger<LossKeeper>.Instance);
        Assert.Equal(before.OrderByDescending(loss => loss.To), await keeper.ReadAsync(token));
        await keeper.TellAsync(Loss("last", 1_000), token);

        var stored = JsonElement.Parse((await store.ReadAsync("losses", token))!.Value).EnumerateArray().ToList();
        Assert.Equal(before.Count + 1, stored.Count);
        Assert.All(stored, loss => Assert.Equal("NotEncodable", loss.GetProperty("Reason").GetString()));
        Assert.All(stored.Take(LossKeeper.MaxDetails), loss => Assert.Equal("<é>", loss.GetProperty("Detail").GetString()));
        Assert.All(stored.Skip(LossKeeper.MaxDetails), loss => Assert.Equal(JsonValueKind.Null, loss.GetProperty("Detail").ValueKind));
        Assert.Contains("<é>", (await store.ReadAsync("losses", token))!.Value, StringComparison.Ordinal);

        using var next = new LossKeeper(new(), store, NullLogger<LossKeeper>.Instance);
        Assert.Equal(Loss("last", 1_000) with { Id = (await keeper.ReadAsync(token))[0].Id }, (await next.ReadAsync(token))[0]);
    }

    private static Loss Loss(string source, double minutes) => new(Guid.CreateVersion7(), source, LossReason.NotEncodable, "<é>", 12, 0, Noon, Noon.AddMinutes(minutes));
}
