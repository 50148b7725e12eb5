using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>What changes when a file is written or replaced. Two equal stamps say that nobody wrote the file in the ordinary way.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="ModifiedNs">When it was modified, in nanoseconds since 1970, rounded down to 100 ns, the precision with which programs copy it.</param>
/// <param name="ChangedNs">When content or attributes changed (the <c>ctime</c>, which programs cannot set), in nanoseconds since 1970; 0 when unknown.</param>
/// <param name="Inode">The number of the file in its file system; 0 when unknown.</param>
internal readonly record struct FileStamp(long Size, long ModifiedNs, long ChangedNs, ulong Inode)
{
    private const uint NanosecondsPerTick = 100;

    /// <summary>Reads the stamp of a file, behind any links.</summary>
    /// <returns><see langword="null"/> when there is no such file, or something else, such as a pipe.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStamp? Of(string path)
    {
        if (OperatingSystem.IsLinux() && LinuxStatus.Of(path) is { Kind: EntryKind.File } status)
        {
            var (seconds, nanoseconds) = status.Modified;
            return new(status.Size, Nanoseconds((seconds, nanoseconds / NanosecondsPerTick * NanosecondsPerTick)), Nanoseconds(status.Changed), status.Inode);
        }

        if (RegularFile.Refuse(RegularFile.KindOf(path)) is not null)
        {
            return null;
        }

        try
        {
            using var handle = RegularFile.OpenRead(path);
            return new(RandomAccess.GetLength(handle), (File.GetLastWriteTimeUtc(handle) - DateTime.UnixEpoch).Ticks * NanosecondsPerTick, 0, 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static long Nanoseconds((long Seconds, uint Nanoseconds) time) => unchecked((time.Seconds * 1_000_000_000) + time.Nanoseconds);
}
