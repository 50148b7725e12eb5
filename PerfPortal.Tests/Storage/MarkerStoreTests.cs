using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class MarkerStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private SqliteDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await _database.MigrateAsync(Cancel);
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Above_the_capacity_the_oldest_are_deleted()
    {
        await using (var context = ((IPortalDatabase)_database).CreateContext())
        {
            context.Markers.AddRange(Enumerable.Range(0, EfMarkerStore.Capacity).Select(i => new MarkerRow { AtUs = Now.AddMinutes(i).ToMicroseconds(), Name = "m" }));
            await context.SaveChangesAsync(Cancel);
        }

        var store = new EfMarkerStore(_database, TimeProvider.System);
        await store.AddAsync(Now.AddDays(-1), "older than all", null, Metadata.Empty, Cancel);
        await store.AddAsync(Now.AddDays(30), "newer than all", null, Metadata.Empty, Cancel);
        var all = await store.ReadAsync(new(Now.AddDays(-9), Now.AddDays(90)), null, int.MaxValue, Cancel);
        Assert.Equal(EfMarkerStore.Capacity, all.Count);
        Assert.Equal("newer than all", all[0].Name);
        Assert.Equal(Now.AddMinutes(1), all[^1].At);
    }
}
