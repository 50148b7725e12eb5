using Microsoft.Extensions.Time.Testing;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class SqlServerLeaseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DatabaseOwner Holder = new(Guid.NewGuid(), "portal-1", 4711, Noon.AddHours(-1));

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly List<string> _waits = [];

    [Fact]
    public async Task A_free_database_is_taken_without_a_wait()
    {
        await SqlServerLease.AcquireAsync(_ => Task.FromResult<HeldLease?>(null), _waits.Add, _time, TestContext.Current.CancellationToken);
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task A_holder_that_renews_keeps_the_database_and_the_sentence_names_it_and_until_when()
    {
        // Renewed every five seconds.
        var exception = await Assert.ThrowsAsync<DatabaseOwnedException>(
            () => RunAsync(() => new HeldLease(Holder, Noon.AddSeconds(15 + (5 * Math.Floor((_time.GetUtcNow() - Noon).TotalSeconds / 5))))));
        Assert.Equal(
            "The database is in use by another portal: process 4711 on portal-1, started 2026-03-04 11:00:00 UTC, whose lease lasts until 12:00:20 UTC and is renewed while it runs. "
            + "Stop it first, or configure a different database for this portal.",
            exception.Message);
        Assert.Contains("process 4711 on portal-1", Assert.Single(_waits), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lease_of_a_crashed_holder_is_taken_within_thirty_seconds()
    {
        var expires = Noon + SqlServerLease.Length;
        await RunAsync(() => _time.GetUtcNow() < expires ? new HeldLease(Holder, expires) : null);
        Assert.InRange(_time.GetUtcNow() - Noon, SqlServerLease.Length, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Of_two_that_wait_for_a_crashed_holder_the_slower_one_stops()
    {
        var faster = Holder with { Id = Guid.NewGuid(), ProcessId = 4712 };
        var exception = await Assert.ThrowsAsync<DatabaseOwnedException>(
            () => RunAsync(() => _time.GetUtcNow() < Noon.AddSeconds(15) ? new(Holder, Noon.AddSeconds(15)) : new(faster, Noon.AddSeconds(30))));
        Assert.Contains("process 4712", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_outlasts_a_missed_renewal_and_takeover_stays_within_thirty_seconds()
    {
        Assert.True(SqlServerLease.RenewEvery * 2 < SqlServerLease.Length);
        Assert.True(SqlServerLease.Length < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_clock_of_the_lease_is_that_of_the_database()
    {
        foreach (var statement in new[] { SqlServerStatement.InsertLease, SqlServerStatement.TakeLease, SqlServerStatement.RenewLease, SqlServerStatement.ReadLease })
        {
            Assert.Contains("SYSUTCDATETIME()", statement.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(statement.Declarations, parameter => parameter.Contains("time", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("Server=s;Database=d;Encrypt=False", true)]
    [InlineData("Server=s;Database=d;Encrypt=optional", true)]
    [InlineData("Server=s;Database=d;Encrypt=True;TrustServerCertificate=True", false)]
    [InlineData("Server=s;Database=d;Encrypt=Strict", false)]
    [InlineData("Server=s;Database=d", false)]
    public void A_connection_without_encryption_is_warned_of(string connectionString, bool isWarned)
    {
        string? warning = new SqlServerDatabase(connectionString, TimeProvider.System).ConnectionWarning;
        Assert.Equal(isWarned, warning?.Contains("Encrypt=False", StringComparison.Ordinal) == true);
    }

    private async Task RunAsync(Func<HeldLease?> state)
    {
        var run = SqlServerLease.AcquireAsync(_ => Task.FromResult(state()), _waits.Add, _time, TestContext.Current.CancellationToken);
        for (int second = 0; second < 60 && !run.IsCompleted; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await run.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
