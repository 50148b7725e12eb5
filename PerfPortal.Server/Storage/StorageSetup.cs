using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Server.Storage.SqlServer;

namespace PerfPortal.Server.Storage;

/// <summary>Registers the configured database.</summary>
internal static class StorageSetup
{
    /// <summary>The name of the database file in the data directory.</summary>
    public const string FileName = "perfportal.db";

    /// <summary>
    /// Registers the database, the name directory, the journal store and the readers. Does not open the database: the host must call
    /// <see cref="IPortalDatabase.MigrateAsync"/> and then <see cref="NameDirectory.LoadAsync"/> first.
    /// </summary>
    /// <exception cref="ArgumentException">The provider is SQL Server and the connection string is not usable.</exception>
    public static IServiceCollection AddPortalStorage(this IServiceCollection services, PortalOptions options)
    {
        var directory = new NameDirectory();
        services.AddSingleton(directory);
        if (options.Database.Provider == DatabaseProvider.SqlServer)
        {
            var database = new SqlServerDatabase(options.Database.ConnectionString ?? "", TimeProvider.System);
            services.AddSingleton<IPortalDatabase>(database);
            services.AddSingleton(_ => new SqlServerJournalStore(database, directory, TimeProvider.System));
            services.AddSingleton<IJournalStore>(provider => provider.GetRequiredService<SqlServerJournalStore>());
            services.AddSingleton<ISourceStore>(provider => provider.GetRequiredService<SqlServerJournalStore>());
            services.AddSingleton<IOperationReader, EfOperationReader>();
            services.AddSingleton<IResourceReader, EfResourceReader>();
        }
        else
        {
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(provider => new SqliteDatabase(PathOf(options), directory, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IPortalDatabase>(provider => provider.GetRequiredService<SqliteDatabase>());
            services.AddSingleton<IJournalStore, SqliteJournalStore>();
            services.AddSingleton<ISourceStore, SqliteSourceStore>();
            services.AddSingleton<IOperationReader, SqliteOperationReader>();
            services.AddSingleton<SqlitePacker>();
            services.AddSingleton(provider => new LatestSamples(
                ActivatorUtilities.CreateInstance<SqliteResourceReader>(provider), provider.GetRequiredService<RetentionHorizons>()));
            services.AddSingleton<IResourceReader>(provider => provider.GetRequiredService<LatestSamples>());
            services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<LatestSamples>());
            services.AddSingleton<ISourceListener>(provider => provider.GetRequiredService<LatestSamples>());
        }

        return services;
    }

    /// <summary>The path of the SQLite file.</summary>
    public static string PathOf(PortalOptions options) => string.IsNullOrWhiteSpace(options.Database.ConnectionString)
        ? Path.Combine(options.DataDirectory, FileName)
        : Path.Combine(options.DataDirectory, new SqliteConnectionStringBuilder(options.Database.ConnectionString).DataSource);
}
