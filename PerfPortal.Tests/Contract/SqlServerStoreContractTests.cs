using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
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
    public async Task Two_processes_may_write_at_once()
    {
        var first = OpenStore(new NameDirectory());
        var second = OpenStore(new NameDirectory());
        var entries = Enumerable.Range(0, 20).Select(i => new OperationEnded(Op(i, name: $"name {i}"))).ToList();
        async Task<int> WriteAsync(IJournalStore store)
        {
            int stored = 0;
            foreach (var entry in entries)
            {
                stored += (await store.CommitAsync([entry], Token))[0].Outcome == EntryOutcome.Stored ? 1 : 0;
            }

            return stored;
        }

        int[] counts = await Task.WhenAll(WriteAsync(first), WriteAsync(second));
        Assert.Equal(entries.Count, counts.Sum());
    }

    private protected override async Task ArrangeAsync()
    {
        string server = await SqlServerForTests.FindAsync();
        _connectionString = new SqlConnectionStringBuilder(server) { InitialCatalog = _name }.ToString();
    }

    private protected override IPortalDatabase Connect(NameDirectory directory) => new SqlServerDatabase(_connectionString!, TimeProvider.System);

    private protected override IOperationReader OpenReader(NameDirectory directory) => new EfOperationReader(Database, directory);

    private protected override IJournalStore OpenStore(NameDirectory directory) => new SqlServerJournalStore((SqlServerDatabase)Database, directory, TimeProvider.System);

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
