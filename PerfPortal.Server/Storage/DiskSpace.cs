namespace PerfPortal.Server.Storage;

/// <summary>The free space of a disk.</summary>
internal static class DiskSpace
{
    // Less than what one commit and the log beside the database need.
    private const long MinBytes = 1 << 20;

    /// <summary>Whether the disk that holds a file has practically no space left for this process.</summary>
    public static bool IsExhausted(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < MinBytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
