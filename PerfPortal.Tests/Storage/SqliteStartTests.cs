using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class SqliteStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_script_of_a_new_file_makes_what_the_migrations_make()
    {
        await using var migrated = new SqlitePortalDbContext(
            new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite($"Data Source={File("migrated")};Pooling=False").Options);
        await migrated.Database.MigrateAsync(Token);
        await new SqliteDatabase(File("scripted"), new NameDirectory(), TimeProvider.System).MigrateAsync(Token);
        Assert.Equal(
            Read("migrated", "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_master WHERE name <> '__EFMigrationsLock' ORDER BY name"),
            Read("scripted", "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_master WHERE name <> '__EFMigrationsLock' ORDER BY name"));
        const string History = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
        Assert.Equal(Read("migrated", History), Read("scripted", History));
    }

    [Fact]
    public void The_newest_migration_is_known_without_EF_Core()
    {
        using var context = new SqliteDatabase(File("unused"), new NameDirectory(), TimeProvider.System).CreateContext();
        Assert.Equal(SqliteStart.NewestMigration, context.Database.GetMigrations().Last());
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var context = new SqliteDatabase(File("unused"), new NameDirectory(), TimeProvider.System).CreateContext();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_file_without_the_newest_migration_is_left_to_EF_Core()
    {
        await new SqliteDatabase(File("old"), new NameDirectory(), TimeProvider.System).MigrateAsync(Token);
        using var connection = new SqliteConnection($"Data Source={File("old")};Pooling=False");
        connection.Open();
        Assert.True(SqliteStart.TryCreateSchema(connection));
        using var forget = connection.CreateCommand();
        forget.CommandText = "DELETE FROM __EFMigrationsHistory";
        forget.ExecuteNonQuery();
        Assert.False(SqliteStart.TryCreateSchema(connection));
    }

    [Fact]
    public async Task Names_and_sources_that_are_stored_are_read()
    {
        var database = new SqliteDatabase(File("names"), new NameDirectory(), TimeProvider.System);
        await database.MigrateAsync(Token);
        await using (var context = database.CreateContext())
        {
            context.Names.Add(new() { Id = 7, Name = "generate" });
            context.Sources.Add(new() { Id = 3, Name = "worker" });
            context.Running.Add(new() { Id = [.. Enumerable.Repeat((byte)9, 16)], Document = [1, 2] });
            await context.SaveChangesAsync(Token);
        }

        var directory = new NameDirectory();
        await database.LoadNamesAsync(directory, Token);
        Assert.Equal(7, directory.Names.Find("generate"));
        Assert.Equal(3, directory.Sources.Find("worker"));
        Assert.Equal([1, 2], Assert.Single(await database.ReadRunningAsync(Token)).Document);
    }

    private string File(string name) => Path.Combine(_folder.Path, name + ".db");

    private List<string> Read(string name, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={File(name)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0).Replace("\r\n", "\n", StringComparison.Ordinal));
        }

        return rows;
    }
}
