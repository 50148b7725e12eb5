using System.Text.Json;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Ownership of a database file by one process: an operating-system lock on a file beside it, which is released when the process ends, even in a crash. A second file identifies the
/// owner, because a locked file cannot be read. Not thread-safe.
/// </summary>
internal sealed class SqliteOwnership(string path, TimeProvider time) : IDisposable
{
    // A link and its target must not be locked separately.
    private readonly string _path = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
    private FileStream? _lock;

    private string LockFile => _path + ".owner";

    private string NameFile => _path + ".owner.json";

    /// <summary>Takes the file; does nothing if this instance owns it.</summary>
    /// <exception cref="DatabaseOwnedException">Another process owns it.</exception>
    /// <exception cref="IOException">The lock file cannot be created.</exception>
    public void Take()
    {
        if (_lock is not null)
        {
            return;
        }

        PrivateFiles.CreateDirectory(Path.GetDirectoryName(_path)!);
        try
        {
            // The file is not deleted at the end: another process could hold a lock on the deleted file while a third one locks a new one.
            _lock = PrivateFiles.Open(LockFile, FileMode.OpenOrCreate);
            PrivateFiles.Tighten(LockFile);
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw DatabaseOwnedException.InUse(ReadName(), until: null, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && FileAccessProblem.Explain(LockFile) is { } problem)
        {
            throw new DatabaseFileException(problem);
        }

        WriteName();
    }

    /// <summary>Releases the file; does nothing if this instance does not own it. It can be taken again.</summary>
    public void Dispose()
    {
        if (_lock is not null)
        {
            TryDelete();
            _lock.Dispose();
            _lock = null;
        }
    }

    /// <summary>Whether the file is locked, as opposed to a missing directory or a full disk.</summary>
    private static bool IsLocked(IOException exception)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020);
        const int LinuxWouldBlock = 11;
        const int MacWouldBlock = 35;
        return exception.GetType() == typeof(IOException) && exception.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;
    }

    private DatabaseOwner? ReadName()
    {
        try
        {
            return JsonSerializer.Deserialize<DatabaseOwner>(File.ReadAllText(NameFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The name is only for messages; the lock also works without it.</summary>
    private void WriteName()
    {
        try
        {
            using var file = PrivateFiles.Open(NameFile, FileMode.Create);
            JsonSerializer.Serialize(file, DatabaseOwner.Current(time));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete();
        }
    }

    private void TryDelete()
    {
        try
        {
            File.Delete(NameFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A leftover name does no harm: names are read only while the lock is held, and its holder replaces the name.
        }
    }
}
