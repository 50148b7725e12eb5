using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Storage;

/// <summary>
/// Checks a connection string without connecting. The explanations contain no value of it, and no text that follows a password: a password with a semicolon
/// that is not quoted looks like further keywords.
/// </summary>
internal static class ConnectionStringCheck
{
    private const string Quoting = "Put a value that contains a semicolon, an equals sign or a quotation mark into double quotes.";
    private const string Memory = ":memory:";
    private static readonly string[] Secrets = ["password", "pwd"];

    /// <summary>Explains what is wrong with a connection string, as the predicate of a sentence; <see langword="null"/> if it is valid.</summary>
    public static string? Explain(DatabaseProvider provider, string connection) => provider == DatabaseProvider.SqlServer
        ? Explain(connection, new SqlConnectionStringBuilder(), "SQL Server", "Server=db;Database=perfportal") ?? ExplainServer(new(connection))
        : Explain(connection, new SqliteConnectionStringBuilder(), "SQLite", "Data Source=perfportal.db") ?? ExplainFile(new(connection));

    private static string? Explain(string connection, DbConnectionStringBuilder known, string database, string example)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connection;
        }
        catch (ArgumentException)
        {
            return $"is not a connection string: it consists of pairs separated by semicolons, such as {example}. {Quoting}";
        }

        bool isSecret = false;
        foreach (string keyword in given.Keys.Cast<string>())
        {
            isSecret |= Secrets.Contains(keyword, StringComparer.OrdinalIgnoreCase);
            if (!known.ContainsKey(keyword))
            {
                return isSecret ? $"contains a keyword after the password that {database} does not know. {Quoting}" : $"contains \"{keyword}\", which {database} does not know; an example is {example}.";
            }

            try
            {
                known[keyword] = given[keyword];
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException)
            {
                return $"has an invalid value for \"{keyword}\".";
            }
        }

        return null;
    }

    private static string? ExplainServer(SqlConnectionStringBuilder given)
    {
        if (string.IsNullOrWhiteSpace(given.DataSource))
        {
            return "does not specify a server; add Server=, such as Server=db or Server=10.0.0.5,1433.";
        }

        if (string.IsNullOrWhiteSpace(given.InitialCatalog))
        {
            return "does not specify a database; add Database=perfportal.";
        }

        try
        {
            using var connection = new SqlConnection(given.ConnectionString);
            return null;
        }
        catch (ArgumentException)
        {
            return "combines keywords that exclude each other, such as Integrated Security or Authentication with a user or a password.";
        }
    }

    private static string? ExplainFile(SqliteConnectionStringBuilder given) =>
        string.IsNullOrWhiteSpace(given.DataSource) ? $"does not specify a file; add Data Source={StorageSetup.FileName}."
        : given.DataSource.Equals(Memory, StringComparison.OrdinalIgnoreCase) || given.Mode == SqliteOpenMode.Memory ? "specifies a database in memory, but the portal stores its data in a file; set Data Source to a file."
        : given.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? "specifies a URI; set Data Source to the path of a file."
        : given.DataSource.Contains('\0', StringComparison.Ordinal) ? "specifies a path that contains a null character."
        : given.Mode == SqliteOpenMode.ReadOnly ? "sets Mode=ReadOnly, but the portal writes to the file."
        : !string.IsNullOrEmpty(given.Password) ? "specifies a password, but the portal does not encrypt the SQLite file."
        : null;
}
