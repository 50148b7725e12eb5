using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Creates or migrates the file, one process at a time.</summary>
internal static class SqliteMigration
{
    private const int Attempts = 300;

    /// <summary>Brings the file up to date; it is created if it is missing.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="connectionString">How to connect to it.</param>
    /// <param name="createContext">Makes a context, if there are migrations to apply.</param>
    /// <param name="cancellationToken">Ends the wait for another process that migrates.</param>
    /// <exception cref="IOException">Another process holds the lock for longer than half a minute.</exception>
    public static async Task RunAsync(string path, string connectionString, Func<PortalDbContext> createContext, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var migrationLock = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        await using (var connection = new SqliteConnection(connectionString))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var pragmas = connection.CreateCommand();

            // Before the first table, else it would take a VACUUM to change it.
            pragmas.CommandText = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;";
            await pragmas.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            if (SqliteStart.TryBringUpToDate(connection))
            {
                return;
            }
        }

        await using var context = createContext();
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
        {
            // This process holds the lock, so a lock row can only be left over from a process that died while it migrated.
            await context.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER NOT NULL CONSTRAINT PK___EFMigrationsLock PRIMARY KEY, Timestamp TEXT NOT NULL); DELETE FROM __EFMigrationsLock;",
                cancellationToken).ConfigureAwait(false);
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
