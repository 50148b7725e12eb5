using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>
/// The file that collects the bytes of a download beside its final place, under the final name with <c>.part</c>. It is locked against other processes while it is open. Positioned reads and
/// writes are thread-safe.
/// </summary>
internal sealed class PartFile : IDisposable
{
    /// <summary>What is added to the final name.</summary>
    public const string Suffix = ".part";

    private readonly string _finalPath;

    private PartFile(string finalPath, SafeFileHandle handle)
    {
        _finalPath = finalPath;
        Handle = handle;
    }

    /// <summary>The path that the file gets in the end.</summary>
    public string FinalPath => _finalPath;

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The path of the file that belongs to a final path.</summary>
    public static string PathOf(string finalPath) => finalPath + Suffix;

    /// <summary>Creates an empty file, with the directories above it, and reserves room for it.</summary>
    /// <exception cref="DownloadException">There is no room, or it cannot be created.</exception>
    public static PartFile Create(string finalPath, long? size)
    {
        string path = PathOf(finalPath);
        return DiskErrors.Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DeleteIfUnused(finalPath);
            return new PartFile(finalPath, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, size ?? 0));
        });
    }

    /// <summary>The bytes in the file, gaps included.</summary>
    public long Length => RandomAccess.GetLength(Handle);

    /// <summary>Deletes the file of an earlier attempt, unless another process writes it.</summary>
    /// <exception cref="DownloadException">It is in use, or cannot be deleted.</exception>
    public static void DeleteIfUnused(string finalPath)
    {
        string path = PathOf(finalPath);
        DiskErrors.Guard(path, () =>
        {
            if (IsFile(path))
            {
                // Locked first, so that it is not taken from another process.
                using var locked = OpenLocked(path);
            }

            File.Delete(path);
        });
    }

    /// <summary>Opens the file of an earlier attempt, or returns <see langword="null"/> when there is none.</summary>
    /// <exception cref="DownloadException">It is in use, or cannot be opened.</exception>
    public static PartFile? TryOpen(string finalPath)
    {
        string path = PathOf(finalPath);
        return IsFile(path) ? DiskErrors.Guard(path, () => new PartFile(finalPath, OpenLocked(path))) : null;
    }

    /// <summary>Deletes the file.</summary>
    public static void Delete(string finalPath) => DiskErrors.Guard(PathOf(finalPath), () => File.Delete(PathOf(finalPath)));

    /// <summary>Writes bytes at a position.</summary>
    /// <exception cref="DownloadException">They could not be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(Handle, bytes, position);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.Of(exception, PathOf(_finalPath));
        }
    }

    /// <summary>Makes what was written durable.</summary>
    public void Flush() => DiskErrors.Guard(PathOf(_finalPath), () => RandomAccess.FlushToDisk(Handle));

    /// <summary>Gives the file its final length, name and time, durably and in one step. The file is closed.</summary>
    /// <exception cref="DownloadException">It could not be placed.</exception>
    public void Place(long size, DateTimeOffset? modified) => DiskErrors.Guard(_finalPath, () =>
    {
        RandomAccess.SetLength(Handle, size);
        RandomAccess.FlushToDisk(Handle);
        if (modified is { } time)
        {
            File.SetLastWriteTimeUtc(Handle, time.UtcDateTime);
        }

        Handle.Dispose();
        File.Move(PathOf(_finalPath), _finalPath, overwrite: true);
        DirectorySync.FlushParent(_finalPath);
    });

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    // What else lies under that name is replaced.
    private static bool IsFile(string path) => RegularFile.Exists(path) && new FileInfo(path).LinkTarget is null;

    private static SafeFileHandle OpenLocked(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
}
