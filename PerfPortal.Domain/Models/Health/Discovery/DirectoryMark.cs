using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>
/// What tells a directory from another one of the same name: its number in its file system, and when it was created. The place of a disk is another directory once the disk is not mounted.
/// </summary>
/// <param name="Inode">The number.</param>
/// <param name="Born">When it was created, in nanoseconds since 1970.</param>
/// <param name="IsMountRoot">Whether a file system is mounted there.</param>
internal sealed record DirectoryMark(ulong Inode, long Born, bool IsMountRoot)
{
    /// <summary>Reads the mark of a directory; <see langword="null"/> for what is none, and where the system or the file system does not tell.</summary>
    public static DirectoryMark? Of(string path) =>
        OperatingSystem.IsLinux() && LinuxStatus.Of(path) is { Kind: EntryKind.Directory, Born: { } born } status
            ? new(status.Inode, unchecked((born.Seconds * 1_000_000_000) + born.Nanoseconds), status.IsMountRoot) : null;
}

/// <summary>A directory above the files of a model, with the mark that it had when the model was found.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Mark">Its mark.</param>
internal sealed record MarkedDirectory(string Path, DirectoryMark Mark)
{
    /// <summary>The directories from that of a model up to the one that is searched, and those above it where a file system is mounted; those without a mark are left out.</summary>
    public static IReadOnlyList<MarkedDirectory> Between(string model, string searched, Func<string, DirectoryMark?> mark)
    {
        List<MarkedDirectory> found = [];
        for (string? at = model; at is not null; at = System.IO.Path.GetDirectoryName(at))
        {
            if (mark(at) is { } known && (at.Length >= searched.Length || known.IsMountRoot))
            {
                found.Add(new(at, known));
            }
        }

        return found;
    }
}
