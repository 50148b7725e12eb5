using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Rollups;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Contract;

public sealed class SqliteStoreContractTests : StoreContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));

    private string File => Path.Combine(_folder, "perfportal.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_may_migrate_at_once()
    {
        var fresh = Enumerable.Range(0, 4).Select(_ => Open(Path.Combine(_folder, "fresh", "perfportal.db"))).ToList();
        await Task.WhenAll(fresh.Select(database => Task.Run(() => database.MigrateAsync(Token), Token)));
        await using var context = (SqlitePortalDbContext)fresh[0].CreateContext();
        Assert.Empty(context.Blocks);
    }

    [Fact]
    public async Task A_lock_that_a_killed_migration_left_does_not_hang_the_next_start()
    {
        string file = Path.Combine(_folder, "killed", "perfportal.db");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "CREATE TABLE __EFMigrationsLock (Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01');";
            await command.ExecuteNonQueryAsync(Token);
        }

        using var database = Open(file);
        await database.MigrateAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await using var context = (SqlitePortalDbContext)database.CreateContext();
        Assert.Empty(context.Blocks);
    }

    [Fact]
    public async Task A_purge_gives_the_room_back()
    {
        await Store.CommitAsync([.. Enumerable.Range(0, 2000).Select(i => new OperationEnded(Op(i) with { ErrorMessage = string.Concat(Enumerable.Range(0, 16).Select(_ => Guid.NewGuid().ToString("N"))) }))], Token);
        long before = await PragmaAsync("page_count");
        Assert.Equal(2000, await Database.PurgeAsync(new(PurgeKind.Operations, (byte)MetricType.ModelOperation, DateTimeOffset.MaxValue, 5000), Token));
        Assert.InRange(await PragmaAsync("page_count"), 1, before / 2);
    }

    [Fact]
    public async Task A_file_that_is_locked_by_another_is_worth_waiting_for()
    {
        await using var other = new SqliteConnection($"Data Source={File};Pooling=false");
        await other.OpenAsync(Token);
        var exception = new SqliteException("database is locked", 5);
        Assert.True(Database.IsTransient(exception));
        Assert.True(Database.IsTransient(new InvalidOperationException("wrapped", exception)));
        Assert.False(Database.IsTransient(new SqliteException("constraint", 19)));
    }

    [Fact]
    public async Task It_is_known_at_once_when_nothing_ended_in_a_range()
    {
        var operation = Op(100);
        var end = operation.EndTime!.Value;
        await Store.CommitAsync([new OperationEnded(operation)], Token);
        var reader = new SqliteOperationReader((SqliteDatabase)Database);
        Assert.True(reader.MayHaveEnded(new(end, end.AddMinutes(1))));
        Assert.False(reader.MayHaveEnded(new(end.AddMicroseconds(1), end.AddMinutes(1))));
        Assert.False(reader.MayHaveEnded(new(end.AddMinutes(-1), end)));
    }

    [Fact]
    public async Task A_damaged_page_is_made_anew_by_the_next_flush()
    {
        var directory = ((SqliteDatabase)Database).Names;
        var store = Store;
        var book = new RollupBuffer(TimeProvider.System);
        Operation[] operations = [Op(1), Op(2), Op(61)];
        foreach (var operation in operations)
        {
            await ExecuteAsync("UPDATE rollup_pages SET data = x'FFFF'");
            await store.CommitAsync([new OperationEnded(operation)], Token);
            book.Add(operation);
            await book.FlushAsync(store, Token);
        }

        Assert.False(book.HasPending);
        Assert.Equal(0, book.UnwritableMinutes);
        var reader = new EfOperationReader(Database, directory);
        foreach (var resolution in new[] { RollupResolution.Minute, RollupResolution.Hour })
        {
            long count = 0;
            await reader.ReadRollupsAsync(resolution, 0, long.MaxValue, new(), (_, page) => count += page.Counts[0], Token);
            Assert.Equal(3, count);
        }

        await ExecuteAsync("UPDATE rollup_pages SET data = x'FFFF'");
        await Assert.ThrowsAsync<InvalidDataException>(() => reader.ReadRollupsAsync(RollupResolution.Minute, 0, long.MaxValue, new(), (_, _) => { }, Token).AsTask());
    }

    [Fact]
    public async Task Packing_makes_old_pages_smaller_and_changes_no_count()
    {
        var directory = ((SqliteDatabase)Database).Names;
        var store = Store;
        var book = new RollupBuffer(TimeProvider.System);
        var operations = Enumerable.Range(0, 600).Select(i => Op(i * 10, 0.001 * (i + 1), source: "source " + (i % 40))).ToArray();
        await store.CommitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token);
        foreach (var operation in operations)
        {
            book.Add(operation);
        }

        await book.FlushAsync(store, Token);
        long before = await ScalarAsync("SELECT SUM(LENGTH(data)) FROM rollup_pages");
        var latest = operations[^1].EndTime!.Value;
        while (Database.PackRollups(latest.AddHours(2), latest.AddMinutes(-30), Token))
        {
        }

        Assert.InRange(await ScalarAsync("SELECT SUM(LENGTH(data)) FROM rollup_pages"), 1, before - 1);
        foreach (var resolution in new[] { RollupResolution.Minute, RollupResolution.Hour })
        {
            long count = 0;
            await new EfOperationReader(Database, directory).ReadRollupsAsync(resolution, 0, long.MaxValue, new(), (_, page) => count += page.ToRollups().Sum(entry => entry.Rollup.Durations.Count), Token);
            Assert.Equal(operations.Length, count);
        }

        // A late report opens its page again.
        var late = Op(5);
        await store.CommitAsync([new OperationEnded(late)], Token);
        book.Add(late);
        await book.FlushAsync(store, Token);
        Assert.Equal(1, await ScalarAsync($"SELECT COUNT(*) FROM rollup_pages WHERE key = {RollupPageKeys.Of(RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Minute, late.EndTime!.Value))} AND substr(data, 1, 1) = x'01'"));
    }

    private async Task<long> ScalarAsync(string text)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task ExecuteAsync(string text)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<long> PragmaAsync(string name)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private protected override Task ArrangeAsync() => Task.CompletedTask;

    private protected override IPortalDatabase Connect(NameDirectory directory) => new SqliteDatabase(File, directory, TimeProvider.System);

    private protected override IJournalStore OpenStore(NameDirectory directory) => new SqliteJournalStore((SqliteDatabase)Database, TimeProvider.System);

    private protected override ISourceStore OpenSources(NameDirectory directory) => new SqliteSourceStore((SqliteDatabase)Database);

    private protected override IOperationReader OpenReader(NameDirectory directory) => new SqliteOperationReader((SqliteDatabase)Database);

    private protected override IResourceReader OpenResources(NameDirectory directory) => new SqliteResourceReader((SqliteDatabase)Database);

    private static SqliteDatabase Open(string file) => new(file, new NameDirectory(), TimeProvider.System);

    private protected override Task CleanUpAsync()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A pooled connection may hold the file on Windows; the folder of temporary files is cleared anyway.
        }

        return Task.CompletedTask;
    }
}
