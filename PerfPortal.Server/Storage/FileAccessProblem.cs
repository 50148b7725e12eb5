using System.Globalization;
using System.Runtime.InteropServices;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Storage;

/// <summary>Determines why a file cannot be written, and explains it in one sentence with the path, its owner and the remedy.</summary>
internal static partial class FileAccessProblem
{
    private const int Execute = 1;
    private const int Write = 2;
    private const int Read = 4;
    private const int ReadOnlyFileSystem = 30;
    private const int NoEntry = 2;
    private const int NotADirectory = 20;

    private static bool InContainer => Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true";

    /// <summary>Explains why a file and those beside it cannot be written; <see langword="null"/> if nothing prevents it.</summary>
    /// <param name="file">The file; it does not have to exist.</param>
    /// <param name="besides">The endings of further files that belong to it.</param>
    public static string? Explain(string file, params IReadOnlyList<string> besides)
    {
        if (Directory.Exists(file))
        {
            return $"{file} is a directory, but a file is expected there: move it elsewhere, or set {SettingsCatalog.DataDirectory.Key} to another directory.";
        }

        string? found = ExplainDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        foreach (string path in besides.Select(ending => file + ending).Prepend(file))
        {
            found ??= Of(path, Read | Write);
        }

        return found;
    }

    /// <summary>Explains why no file can be created in a directory; <see langword="null"/> if nothing prevents it. A missing directory must be one that can be created.</summary>
    public static string? ExplainDirectory(string path)
    {
        string? existing = path;
        while (existing is not null && !Path.Exists(existing) && Path.GetDirectoryName(existing) is { } above && Of(existing, Write | Execute) is null)
        {
            existing = above;
        }

        return File.Exists(existing)
            ? $"{existing} is a file, but a directory is expected there: move it elsewhere, or set {SettingsCatalog.DataDirectory.Key} to another directory."
            : Of(existing ?? path, Write | Execute);
    }

    private static string? Of(string path, int wanted)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly) ? $"{path} is marked as read-only: clear the attribute with attrib -r \"{path}\"." : null;
        }

        if (Access(path, wanted) == 0)
        {
            return null;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            NoEntry or NotADirectory => null,
            ReadOnlyFileSystem => $"{path} is on a read-only file system: mount it writable, or set {SettingsCatalog.DataDirectory.Key} to another directory.",
            _ => Denied(path, wanted),
        };
    }

    private static string Denied(string path, int wanted)
    {
        string user = Environment.UserName;
        string? owner = FileOwner.NameOf(path);
        string subject = $"The portal runs as {user} and cannot write to {path}";
        return owner is null ? $"{subject}: give {user} access to it and to the directories above, or set {SettingsCatalog.DataDirectory.Key} to another directory."
            : FileOwner.IsOurs(path) == true ? $"{subject}, which belongs to {owner} without that permission: allow it with chmod u+rw{((wanted & Execute) == 0 ? "" : "x")} {path}."
            : $"{subject}, which belongs to {owner}: make {user} its owner with {ChangeOwner(user, FileOwner.Us, path, InContainer)}{(owner == "root" ? "" : $", or run the portal as {owner}")}.";
    }

    /// <summary>The command that makes a user the owner of a path. The host of a container does not know the user's name, nor the path.</summary>
    internal static string ChangeOwner(string user, uint id, string path, bool inContainer) =>
        inContainer ? string.Create(CultureInfo.InvariantCulture, $"chown {id} on the host, for the folder that is mounted at {path}") : $"chown {user} {path}";

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
