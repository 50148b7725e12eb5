namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>Writes small files so that a reader, also after a crash, finds the old or the new content.</summary>
internal static class AtomicFile
{
    /// <summary>What is added to the name of a file while its new content is written; a crash can leave it.</summary>
    public const string Suffix = ".tmp";

    /// <summary>Deletes a file, and what a crash left of its next content.</summary>
    public static void Delete(string path)
    {
        File.Delete(path + Suffix);
        File.Delete(path);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <param name="isDurable">Whether it must survive a power failure, not only the end of the process.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isDurable = true)
    {
        string temporary = path + Suffix;
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            if (isDurable)
            {
                RandomAccess.FlushToDisk(file);
            }
        }

        File.Move(temporary, path, overwrite: true);
        if (isDurable)
        {
            DirectorySync.FlushParent(path);
        }
    }
}
