namespace PerfPortal.Server.Storage;

/// <summary>Creates files and directories that only the portal's user can read. On Windows they inherit the access list of their folder.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfDirectory = OfFile | UnixFileMode.UserExecute;

    /// <summary>Creates a directory with the mode 0700; an existing one keeps its mode.</summary>
    public static DirectoryInfo CreateDirectory(string path) => OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OfDirectory);

    /// <summary>Opens a file; a new one gets the mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileOptions options = FileOptions.None)
    {
        var open = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1, Options = options };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            open.UnixCreateMode = OfFile;
        }

        return new(path, open);
    }

    /// <summary>Replaces a file as a whole: after a crash of the process it has either its old content or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the new content.</param>
    /// <param name="survivesPowerLoss">Whether that also holds after a power loss, which costs waiting for the disk.</param>
    public static void Replace(string path, Action<Stream> write, bool survivesPowerLoss)
    {
        string draft = path + ".tmp";
        using (var stream = Open(draft, FileMode.Create))
        {
            write(stream);
            stream.Flush(survivesPowerLoss);
        }

        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Whether other users have any access to a file or directory, according to its mode.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;

    /// <summary>Removes other users' access to a file or directory, if it exists and is not known to belong to another user.</summary>
    /// <returns><see langword="false"/> if others still have access, because the file belongs to another user or its file system refuses or ignores modes.</returns>
    public static bool Tighten(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path) || !IsOpenToOthers(path))
        {
            return true;
        }

        if (FileOwner.IsOurs(path) == false)
        {
            return false;
        }

        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
            return !IsOpenToOthers(path);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
