using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Contract;

public sealed class SqlServerStoreContractTests : StoreContract
{
    private readonly string _name = $"perfportal_test_{Guid.NewGuid():N}";
    private string? _connectionString;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_may_create_and_migrate_at_once()
    {
        string fresh = new SqlConnectionStringBuilder(_connectionString) { InitialCatalog = _name + "_fresh" }.ToString();
        var databases = Enumerable.Range(0, 3).Select(_ => new SqlServerDatabase(fresh, TimeProvider.System)).ToList();
        try
        {
            await Task.WhenAll(databases.Select(database => database.MigrateAsync(Token)));
            await using var context = databases[0].CreateContext();
            Assert.Empty(context.Operations);
        }
        finally
        {
            await DropAsync(fresh);
        }
    }

    [Fact]
    public async Task A_second_process_is_refused_while_the_first_renews_and_its_sentence_names_the_holder()
    {
        using var renewing = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var renews = RenewAsync(renewing.Token);
        var second = (SqlServerDatabase)Connect(new NameDirectory());
        var exception = await Assert.ThrowsAsync<DatabaseOwnedException>(() => second.AcquireAsync(_ => { }, Token));
        Assert.Contains(FormattableString.Invariant($"process {Environment.ProcessId} on {Environment.MachineName}"), exception.Message, StringComparison.Ordinal);
        await renewing.CancelAsync();
        await renews;

        async Task RenewAsync(CancellationToken until)
        {
            while (!until.IsCancellationRequested)
            {
                await Database.RenewAsync(Token);
                await Task.Delay(TimeSpan.FromMilliseconds(200), until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [Fact]
    public async Task A_process_that_does_not_own_the_database_writes_nothing()
    {
        var stranger = (SqlServerDatabase)Connect(new NameDirectory());
        var store = new SqlServerJournalStore(stranger, new NameDirectory(), TimeProvider.System);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.CommitAsync([new OperationEnded(Op(1))], Token).AsTask());
        await Assert.ThrowsAsync<DatabaseOwnedException>(() => stranger.RenewAsync(Token));
    }

    [Fact]
    public async Task After_a_crash_the_next_process_takes_over_within_thirty_seconds_and_the_first_can_no_longer_write()
    {
        long started = TimeProvider.System.GetTimestamp();
        var second = (SqlServerDatabase)Connect(new NameDirectory());
        await second.AcquireAsync(_ => { }, Token);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 30);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Store.CommitAsync([new OperationEnded(Op(1))], Token).AsTask());
        var store = new SqlServerJournalStore(second, new NameDirectory(), TimeProvider.System);
        Assert.Equal(EntryOutcome.Stored, (await store.CommitAsync([new OperationEnded(Op(1))], Token))[0].Outcome);
        await second.ReleaseAsync(Token);
        await Database.AcquireAsync(_ => { }, Token);
    }

    [Fact]
    public async Task A_batch_after_one_whose_bulk_copy_failed_is_stored()
    {
        var spoiled = Op(1) with { Status = OperationStatus.Failed, ErrorType = new string('x', 5_000) };
        await Assert.ThrowsAnyAsync<Exception>(() => Store.CommitAsync([new OperationEnded(spoiled)], Token).AsTask());
        for (int i = 2; i < 12; i++)
        {
            Assert.Equal(EntryOutcome.Stored, (await Store.CommitAsync([new OperationEnded(Op(i, name: $"name {i}"))], Token))[0].Outcome);
        }
    }

    [Fact]
    public async Task Two_thousand_new_names_are_stored_in_one_batch()
    {
        var operations = Enumerable.Range(0, 2_500).Select(i => new OperationEnded(Op(i, name: $"name {i}", source: $"host {i % 40}"))).ToList();
        var results = await Store.CommitAsync(operations, Token);
        Assert.All(results, result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
    }

    private protected override async Task ArrangeAsync()
    {
        string server = await SqlServerForTests.FindAsync();
        _connectionString = new SqlConnectionStringBuilder(server) { InitialCatalog = _name }.ToString();
    }

    private protected override IPortalDatabase Connect(NameDirectory directory) => new SqlServerDatabase(_connectionString!, TimeProvider.System);

    private protected override IOperationReader OpenReader(NameDirectory directory) => new EfOperationReader(Database, directory);

    private protected override IJournalStore OpenStore(NameDirectory directory) => new SqlServerJournalStore((SqlServerDatabase)Database, directory, TimeProvider.System);

    private protected override ISourceStore OpenSources(NameDirectory directory) => (ISourceStore)Store;

    private protected override Task CleanUpAsync() => _connectionString is null ? Task.CompletedTask : DropAsync(_connectionString);

    private static async Task DropAsync(string connectionString)
    {
        var builder = new SqlConnectionStringBuilder(connectionString);
        string name = builder.InitialCatalog;
        builder.InitialCatalog = "master";
        SqlConnection.ClearAllPools();
        await using var connection = new SqlConnection(builder.ToString());
        await connection.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"DROP DATABASE IF EXISTS [{name}]";
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
