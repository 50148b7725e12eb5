namespace PerfPortal.Domain.Models.Manifests;

/// <summary>Replaces files as a whole: after a crash or a power loss a file has either its old content or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>What is added to the name of a file while its new content is written; a crash can leave it.</summary>
    public const string Suffix = ".tmp";

    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string draft = path + Suffix;
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
