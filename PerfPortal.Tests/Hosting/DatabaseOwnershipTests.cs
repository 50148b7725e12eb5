using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class DatabaseOwnershipTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly LeasedDatabase _database = new();
    private readonly List<string> _lost = [];
    private readonly DatabaseOwnership _ownership;

    public DatabaseOwnershipTests() => _ownership = new(_database, _time, NullLogger<DatabaseOwnership>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _ownership.Dispose();

    [Fact]
    public async Task It_is_renewed_while_the_portal_runs_and_given_up_at_a_clean_stop()
    {
        await AcquireAsync();
        await AcquireAsync();
        Assert.Equal(1, _database.Acquired);
        for (int i = 1; i <= 3; i++)
        {
            await RenewedAsync(i);
        }

        await _ownership.ReleaseAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((3, 1), (_database.Renewed, _database.Released));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_database_that_is_away_does_not_end_it()
    {
        await AcquireAsync();
        _database.Fault = new IOException("The server is away.");
        await RenewedAsync(1);
        await RenewedAsync(2);
        _database.Fault = null;
        await RenewedAsync(3);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_takeover_is_told_once_and_not_renewed_any_more()
    {
        await AcquireAsync();
        _database.Fault = DatabaseOwnedException.TakenOver(new(Guid.NewGuid(), "portal-2", 12, _time.GetUtcNow()));
        await RenewedAsync(1);
        await WhenAsync(() => _lost.Count == 1);
        Assert.Contains("process 12 on portal-2", _lost[0], StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _database.Renewed);
    }

    [Fact]
    public async Task What_is_never_owned_is_not_given_up()
    {
        _database.Fault = DatabaseOwnedException.InUse(null, null);
        await Assert.ThrowsAsync<DatabaseOwnedException>(AcquireAsync);
        await _ownership.ReleaseAsync(Token);
        Assert.Equal(0, _database.Released);
    }

    private Task AcquireAsync() => _ownership.AcquireAsync(_lost.Add, _ => { }, Token);

    private async Task RenewedAsync(int times)
    {
        await WhenAsync(() =>
        {
            if (_database.Renewed < times)
            {
                _time.Advance(TimeSpan.FromSeconds(5));
            }

            return _database.Renewed >= times;
        });
    }

    private static async Task WhenAsync(Func<bool> condition)
    {
        for (int i = 0; i < 10_000 && !condition(); i++)
        {
            await Task.Yield();
        }

        Assert.True(condition());
    }

    private sealed class LeasedDatabase : IPortalDatabase
    {
        public Exception? Fault { get; set; }

        public int Acquired { get; private set; }

        public int Renewed { get; private set; }

        public int Released { get; private set; }

        public string Name => "leased";

        public TimeSpan? RenewEvery => TimeSpan.FromSeconds(5);

        public Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken)
        {
            Acquired++;
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }

        public Task RenewAsync(CancellationToken cancellationToken)
        {
            Renewed++;
            return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
        }

        public Task ReleaseAsync(CancellationToken cancellationToken)
        {
            Released++;
            return Task.CompletedTask;
        }

        public PortalDbContext CreateContext() => throw new NotSupportedException();

        public Task MigrateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool IsTransient(Exception exception) => false;

        public string Explain(Exception exception) => exception.Message;
    }
}
