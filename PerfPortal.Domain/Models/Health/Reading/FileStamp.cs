using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>What changes when a file is written or replaced. Two equal stamps say that nobody wrote the file in the ordinary way.</summary>
/// <param name="Size">The size in bytes.</param>
/// <param name="ModifiedNs">When it was modified, in nanoseconds since 1970, rounded down to 100 ns, the precision with which programs copy it.</param>
/// <param name="ChangedNs">When content or attributes changed (the <c>ctime</c>, which programs cannot set), in nanoseconds since 1970; 0 when unknown.</param>
/// <param name="Inode">The number of the file in its file system; 0 when unknown.</param>
internal readonly partial record struct FileStamp(long Size, long ModifiedNs, long ChangedNs, ulong Inode)
{
    private const int CurrentDirectory = -100;
    private const uint Basics = 0x7ff;
    private const uint NanosecondsPerTick = 100;

    /// <summary>Reads the stamp of a file, behind any links.</summary>
    /// <returns><see langword="null"/> when there is no such file.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStamp? Of(string path)
    {
        if (OperatingSystem.IsLinux() && FromLinux(path) is { } stamp)
        {
            return stamp;
        }

        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new(RandomAccess.GetLength(handle), (File.GetLastWriteTimeUtc(handle) - DateTime.UnixEpoch).Ticks * NanosecondsPerTick, 0, 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static FileStamp? FromLinux(string path)
    {
        try
        {
            return StatX(CurrentDirectory, path, 0, Basics, out var status) == 0
                ? new(status.Size, Nanoseconds(status.ModifiedSeconds, status.ModifiedNanoseconds / NanosecondsPerTick * NanosecondsPerTick), Nanoseconds(status.ChangedSeconds, status.ChangedNanoseconds), status.Inode)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static long Nanoseconds(long seconds, uint nanoseconds) => unchecked((seconds * 1_000_000_000) + nanoseconds);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c>, which is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(104)]
        public uint ChangedNanoseconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
    }
}
