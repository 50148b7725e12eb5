using Microsoft.Data.Sqlite;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// What a start reads and writes, in plain statements: EF Core would build its model and compile its queries first, which takes longer
/// than everything else together. Tests hold the schema and the name of the newest migration against EF Core's migrations.
/// </summary>
internal static class SqliteStart
{
    /// <summary>The migration that the schema of a new file corresponds to.</summary>
    public const string NewestMigration = "20261124050014_Initial";

    /// <summary>
    /// The migrations as a script, for a file that is new. Made by
    /// <c>dotnet ef migrations script --context SqlitePortalDbContext -o Storage/Sqlite/Schema.sql</c>.
    /// </summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(SqliteStart).Assembly.GetManifestResourceStream("PerfPortal.Server.Storage.Sqlite.Schema.sql")
                ?? throw new InvalidOperationException("The schema is not in the assembly.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Makes the schema where the file is new.</summary>
    /// <returns>Whether the file is up to date now; else there are migrations to be applied.</returns>
    public static bool TryBringUpToDate(SqliteConnection connection)
    {
        if (Count(connection, "SELECT COUNT(*) FROM sqlite_master") == 0)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return true;
        }

        return Count(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'") == 1
            && Count(connection, $"SELECT COUNT(*) FROM __EFMigrationsHistory WHERE MigrationId = '{NewestMigration}'") == 1;
    }

    /// <summary>Reads names and sources.</summary>
    public static void LoadNames(SqliteConnection connection, NameDirectory directory)
    {
        foreach (var (table, dictionary) in new[] { ("names", directory.Names), ("sources", directory.Sources) })
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT id, name FROM {table}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                dictionary.Add(reader.GetInt32(0), reader.GetString(1));
            }
        }
    }

    /// <summary>Reads the operations that were in progress.</summary>
    public static List<RunningRow> ReadRunning(SqliteConnection connection)
    {
        var rows = new List<RunningRow>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, document FROM running_operations";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new() { Id = reader.GetFieldValue<byte[]>(0), Document = reader.GetFieldValue<byte[]>(1) });
        }

        return rows;
    }

    private static long Count(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return (long)command.ExecuteScalar()!;
    }
}
