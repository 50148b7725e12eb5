using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The database file cannot be used; the message is a sentence with the path and what to do.</summary>
internal sealed class DatabaseFileException(string message) : IOException(message);

/// <summary>Classifies and explains errors of SQLite (https://sqlite.org/rescode.html) and of its file.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The files that SQLite keeps beside the database.</summary>
    public static IReadOnlyList<string> Endings { get; } = ["-wal", "-shm"];

    /// <summary>Whether the error may be temporary.</summary>
    public static bool IsTransient(Exception exception) => Causes(exception).Any(cause =>
        cause is SqliteException { SqliteErrorCode: Busy or Locked or OutOfMemory or ReadOnly or InputOutput or Full or CannotOpen } or IOException or UnauthorizedAccessException);

    /// <summary>Throws when the file cannot be written.</summary>
    /// <exception cref="DatabaseFileException">The file, its directory or a file beside it is not writable.</exception>
    public static void EnsureWritable(string path)
    {
        if (FileAccessProblem.Explain(path, Endings) is { } problem)
        {
            throw new DatabaseFileException(problem);
        }
    }

    /// <summary>Explains the error in one sentence.</summary>
    public static string Explain(string path, Exception exception)
    {
        var cause = Causes(exception).FirstOrDefault(one => one is DatabaseFileException or SqliteException or UnauthorizedAccessException) ?? exception;
        return cause switch
        {
            DatabaseFileException => cause.Message,
            SqliteException { SqliteErrorCode: Full } => $"The disk with {path} is full{Free(path)}. Free some space there.",
            SqliteException { SqliteErrorCode: Corrupt or NotADatabase } =>
                $"{path} is damaged or is not a portal database: restore a backup, or move the file elsewhere to start with an empty database.",
            SqliteException { SqliteErrorCode: Busy or Locked } => $"Another program has locked {path}. Close it; the portal then continues by itself.",
            _ => FileAccessProblem.Explain(path, Endings) ?? $"The database {path} is unavailable: {cause.Message}",
        };
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static string Free(string path)
    {
        try
        {
            return $" ({Format.Bytes(new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace)} free)";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
