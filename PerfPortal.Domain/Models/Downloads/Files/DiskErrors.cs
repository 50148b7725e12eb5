using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>Says in a sentence why a file could not be read or written.</summary>
internal static class DiskErrors
{
    // ENOSPC and EDQUOT; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private static readonly int[] UnixFull = [28, 122];
    private static readonly int[] WindowsFull = [39, 112];

    // Only the message says so when room cannot be set aside.
    private const string Refused = "the disk was full";

    /// <summary>Runs work on a file.</summary>
    /// <exception cref="DownloadException">The file could not be read or written.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsDisk(exception))
        {
            throw Of(exception, path);
        }
    }

    /// <summary>Runs work on a file.</summary>
    /// <exception cref="DownloadException">The file could not be read or written.</exception>
    public static void Guard(string path, Action work) => Guard(path, () =>
    {
        work();
        return true;
    });

    /// <summary>Whether an exception comes from the file system.</summary>
    public static bool IsDisk(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Whether there was no room left.</summary>
    public static bool IsFull(Exception exception) =>
        exception is IOException && ((OperatingSystem.IsWindows() ? WindowsFull : UnixFull).Contains(exception.HResult & 0xFFFF) || exception.Message.Contains(Refused, StringComparison.Ordinal));

    /// <summary>The exception with its sentence.</summary>
    public static DownloadException Of(Exception exception, string path) => new(
        DownloadErrorCategory.Disk,
        IsFull(exception) ? $"The disk is full: {path} could not be written." : $"{path} could not be written: {exception.Message}",
        exception);
}
