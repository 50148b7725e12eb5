using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class StorageSetupTests
{
    [Fact]
    public void Without_settings_the_database_is_a_file()
    {
        using var services = new ServiceCollection().AddPortalStorage(new() { DataDirectory = Path.GetTempPath() })
            .AddSingleton(new RetentionPolicy(_ => 1, 1, 1, 1)).AddSingleton<RetentionHorizons>().BuildServiceProvider();
        Assert.IsType<SqliteDatabase>(services.GetRequiredService<IPortalDatabase>());
        Assert.IsType<SqliteJournalStore>(services.GetRequiredService<IJournalStore>());
        Assert.Same(services.GetRequiredService<IOperationReader>(), services.GetRequiredService<IOperationReader>());
        Assert.Same(services.GetRequiredService<IResourceReader>(), Assert.Single(services.GetServices<ICommitListener>()));
        Assert.NotNull(services.GetRequiredService<NameDirectory>());
    }

    [Fact]
    public void A_connection_string_makes_it_a_SQL_Server()
    {
        var options = new PortalOptions
        {
            Database = new() { Provider = DatabaseProvider.SqlServer, ConnectionString = "Server=somewhere;Database=perfportal;Integrated Security=true" },
        };
        using var services = new ServiceCollection().AddPortalStorage(options).BuildServiceProvider();
        Assert.IsType<SqlServerDatabase>(services.GetRequiredService<IPortalDatabase>());
        Assert.IsType<SqlServerJournalStore>(services.GetRequiredService<IJournalStore>());
    }

    [Fact]
    public void SQL_Server_without_a_connection_string_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPortalStorage(new() { Database = new() { Provider = DatabaseProvider.SqlServer } }));
}
