namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>The file systems on which directories are.</summary>
internal static class Volumes
{
    /// <summary>The bytes that this user may still write below a directory, which need not exist yet; <see langword="null"/> when the system does not say.</summary>
    public static long? FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(Existing(directory)).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What directories on the same file system have in common: its root.</summary>
    public static string RootOf(string directory)
    {
        string path = Existing(directory);
        string best = Path.GetPathRoot(path) ?? path;
        if (OperatingSystem.IsWindows())
        {
            return best;
        }

        try
        {
            foreach (var drive in DriveInfo.GetDrives())
            {
                string root = drive.Name;
                if (root.Length > best.Length && (path + '/').StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal))
                {
                    best = root;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then everything counts as one file system.
        }

        return best;
    }

    private static string Existing(string directory)
    {
        string path = Path.GetFullPath(directory);
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
        {
            path = parent;
        }

        return path;
    }
}
