using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PerfPortal.Domain.Models.Files;

/// <summary>
/// Opens files that lie in directories of models, where anything may lie: pipes, sockets and devices are refused, because opening or reading one may wait for ever. They are told from files on Linux
/// and macOS; Windows has none in directories.
/// </summary>
internal static class RegularFile
{
    /// <summary>What a path leads to. Nothing is opened.</summary>
    public static EntryKind KindOf(string path)
    {
        if (OperatingSystem.IsLinux() && LinuxStatus.Of(path) is { } status)
        {
            return status.Kind;
        }

        if (OperatingSystem.IsMacOS() && MacStatus.KindOf(path) is { } kind)
        {
            return kind;
        }

        return File.Exists(path) ? EntryKind.File : Directory.Exists(path) ? EntryKind.Directory : KindOfNothing(path);
    }

    /// <summary>Whether a path leads to a file.</summary>
    public static bool Exists(string path) => KindOf(path) == EntryKind.File;

    /// <summary>Says in a sentence without its end why a path is none of a file; <see langword="null"/> for one.</summary>
    public static string? Refuse(EntryKind kind) => kind switch
    {
        EntryKind.Missing => "The file is missing",
        EntryKind.Directory => "This is a directory, not a file",
        EntryKind.Pipe => "This is a named pipe, not a file",
        EntryKind.Socket => "This is a socket, not a file",
        EntryKind.Device => "This is a device, not a file",
        EntryKind.BrokenLink => "This is a link to a file that does not exist",
        EntryKind.CircularLink => "This is a link that leads in a circle",
        _ => null,
    };

    /// <summary>Opens a file for reading, by default also while others write or delete it.</summary>
    /// <exception cref="IOException">It is not a file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle OpenRead(string path, FileOptions options = FileOptions.None, FileShare share = FileShare.ReadWrite | FileShare.Delete)
    {
        if (OperatingSystem.IsLinux())
        {
            using var held = LinuxStatus.Hold(path);
            return OpenHeld(held, path, options, share);
        }

        ThrowUnlessFile(KindOf(path));
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, share, options);
    }

    /// <summary>Opens what is held for reading, whatever has been put in its place meanwhile.</summary>
    /// <exception cref="IOException">It is not a file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    [SupportedOSPlatform("linux")]
    internal static SafeFileHandle OpenHeld(SafeFileHandle held, string path, FileOptions options, FileShare share)
    {
        ThrowUnlessFile(LinuxStatus.Of(held)?.Kind ?? KindOf(path));
        string place = $"/proc/self/fd/{(int)held.DangerousGetHandle()}";
        try
        {
            // Without /proc only the path is left.
            return File.OpenHandle(File.Exists(place) ? place : path, FileMode.Open, FileAccess.Read, share, options);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.", exception);
        }
    }

    /// <summary>Opens a file as a stream.</summary>
    /// <exception cref="IOException">It is not a file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenStream(string path) => new(OpenRead(path), FileAccess.Read);

    /// <summary>Reads a small file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="maxBytes">The bytes that it may have.</param>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    /// <exception cref="IOException">It is not a file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes)
    {
        using var stream = OpenStream(path);
        if (stream.Length > maxBytes)
        {
            throw new InvalidDataException($"The file is larger than {maxBytes} bytes.");
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // What else is wrong the system says in its own words.
    private static void ThrowUnlessFile(EntryKind kind)
    {
        if (kind is EntryKind.Pipe or EntryKind.Socket or EntryKind.Device or EntryKind.Directory)
        {
            throw new IOException(Refuse(kind) + ".");
        }
    }

    /// <summary>What a path is that leads to nothing.</summary>
    internal static EntryKind KindOfNothing(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? EntryKind.Missing
                : File.ResolveLinkTarget(path, returnFinalTarget: true) is null ? EntryKind.Unknown : EntryKind.BrokenLink;
        }
        catch (IOException)
        {
            return EntryKind.CircularLink;
        }
        catch (UnauthorizedAccessException)
        {
            return EntryKind.Unknown;
        }
    }
}
