using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Creates or migrates the database file, one process at a time.</summary>
internal static class SqliteMigration
{
    private const int Attempts = 300;

    /// <summary>Migrates the file, or creates it if it does not exist.</summary>
    /// <param name="path">The path of the database file.</param>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="createContext">Creates a context if migrations must be applied.</param>
    /// <param name="cancellationToken">Cancels waiting for another process that is migrating.</param>
    /// <exception cref="IOException">Another process held the lock for more than 30 seconds, or the file cannot be written.</exception>
    public static async Task RunAsync(string path, string connectionString, Func<PortalDbContext> createContext, CancellationToken cancellationToken)
    {
        SqliteFailure.EnsureWritable(path);
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var migrationLock = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        MakePrivate(path);
        await using (var connection = new SqliteConnection(connectionString))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var pragmas = connection.CreateCommand();

            // Must be set before the first table is created; changing it later requires a VACUUM.
            pragmas.CommandText = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            if (SqliteStart.TryCreateSchema(connection))
            {
                return;
            }
        }

        await using var context = createContext();
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
        {
            // This process holds the lock, so any lock row was left by a process that crashed during a migration.
            await context.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY, Timestamp TEXT NOT NULL); DELETE FROM __EFMigrationsLock;",
                cancellationToken).ConfigureAwait(false);
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>SQLite gives the files beside the database the mode of the database.</summary>
    private static void MakePrivate(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFiles.Open(path, FileMode.CreateNew).Dispose();
        }

        foreach (string file in SqliteFailure.Endings.Select(ending => path + ending).Prepend(path))
        {
            PrivateFiles.Tighten(file);
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return PrivateFiles.Open(path + ".lock", FileMode.OpenOrCreate, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
