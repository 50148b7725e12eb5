using Microsoft.Win32.SafeHandles;

namespace PerfPortal.Domain.Models.Files;

/// <summary>Replaces files as a whole: a reader, also after a crash, finds the old or the new content.</summary>
internal static class AtomicFile
{
    /// <summary>What is added to the name of a file while its new content is written; a crash can leave it.</summary>
    public const string Suffix = ".tmp";

    /// <summary>Deletes a file, and what a crash left of its next content.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    public static void Delete(string path)
    {
        File.Delete(path + Suffix);
        File.Delete(path);
    }

    /// <summary>Writes a small file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <param name="isDurable">Whether it must survive a power failure, not only the end of the process.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isDurable = true)
    {
        using (var draft = Create(path))
        {
            RandomAccess.Write(draft, content, 0);
            if (isDurable)
            {
                RandomAccess.FlushToDisk(draft);
            }
        }

        Place(path, isDurable);
    }

    /// <summary>Writes a file that survives a power failure, piece by piece.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using (var stream = new FileStream(Create(path), FileAccess.Write))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        Place(path, isDurable: true);
    }

    private static SafeFileHandle Create(string path)
    {
        string draft = path + Suffix;
        if (RegularFile.KindOf(draft) is not (EntryKind.File or EntryKind.Missing) || new FileInfo(draft).LinkTarget is not null)
        {
            // Writing into a pipe would wait for a reader; through a link, it would replace the content of another file.
            File.Delete(draft);
        }

        return File.OpenHandle(draft, FileMode.Create, FileAccess.Write, FileShare.None);
    }

    private static void Place(string path, bool isDurable)
    {
        File.Move(path + Suffix, path, overwrite: true);
        if (isDurable)
        {
            DirectorySync.FlushParent(path);
        }
    }
}
