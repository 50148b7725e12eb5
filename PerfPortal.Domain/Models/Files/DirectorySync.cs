using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Models.Files;

/// <summary>Makes a rename durable: on Unix the directory has to be flushed too. Elsewhere, and where it is not possible, nothing happens.</summary>
internal static partial class DirectorySync
{
    /// <summary>Flushes the directory that holds a file.</summary>
    public static void FlushParent(string path)
    {
        if (OperatingSystem.IsWindows() || Path.GetDirectoryName(path) is not { Length: > 0 } directory)
        {
            return;
        }

        int descriptor = Open(directory, 0);
        if (descriptor >= 0)
        {
            _ = Flush(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
