using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PerfPortal.Domain.Models.Files;

/// <summary>What Linux knows of the file or directory that a path leads to, behind any links (<c>statx</c>).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Modified">When it was modified.</param>
/// <param name="Changed">When content or attributes changed.</param>
/// <param name="Born">When it was created; <see langword="null"/> when the file system does not note that.</param>
/// <param name="Inode">Its number in its file system.</param>
/// <param name="IsMountRoot">Whether a file system is mounted there.</param>
[SupportedOSPlatform("linux")]
internal readonly partial record struct LinuxStatus(
    EntryKind Kind, long Size, (long Seconds, uint Nanoseconds) Modified, (long Seconds, uint Nanoseconds) Changed, (long Seconds, uint Nanoseconds)? Born, ulong Inode, bool IsMountRoot)
{
    private const int CurrentDirectory = -100;
    private const uint BasicsAndBirth = 0xfff;
    private const uint Birth = 0x800;
    private const ulong MountRoot = 0x2000;
    private const int EmptyPath = 0x1000;
    private const int PathOnly = 0x20_0000;
    private const int CloseOnExec = 0x8_0000;
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int NoAccess = 13;
    private const int NoDirectory = 20;
    private const int TooManyLinks = 40;

    /// <summary>Reads it.</summary>
    /// <returns><see langword="null"/> on a system without <c>statx</c>.</returns>
    public static LinuxStatus? Of(string path) => Of(CurrentDirectory, path, 0);

    /// <summary>Reads it of what is held.</summary>
    /// <returns><see langword="null"/> on a system without <c>statx</c>.</returns>
    public static LinuxStatus? Of(SafeFileHandle held) => Of((int)held.DangerousGetHandle(), "", EmptyPath);

    /// <summary>Holds what a path leads to without opening it (<c>O_PATH</c>): what is put in its place later is something else.</summary>
    /// <exception cref="IOException">It leads to nothing, or cannot be held.</exception>
    /// <exception cref="UnauthorizedAccessException">A directory above may not be entered.</exception>
    public static SafeFileHandle Hold(string path)
    {
        int descriptor = Open(Path.GetFullPath(path), PathOnly | CloseOnExec);
        if (descriptor >= 0)
        {
            return new(descriptor, ownsHandle: true);
        }

        int error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            NoEntry or NoDirectory => new FileNotFoundException($"Could not find file '{path}'.", path),
            NoAccess or NotPermitted => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            _ => new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'"),
        };
    }

    private static LinuxStatus? Of(int directory, string path, int flags)
    {
        try
        {
            if (StatX(directory, path, flags, BasicsAndBirth, out var status) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return new(error is NoEntry or NoDirectory ? RegularFile.KindOfNothing(path) : error == TooManyLinks ? EntryKind.CircularLink : EntryKind.Unknown, 0, default, default, null, 0, false);
            }

            return new(
                UnixMode.KindOf(status.Mode), status.Size, (status.ModifiedSeconds, status.ModifiedNanoseconds), (status.ChangedSeconds, status.ChangedNanoseconds),
                (status.Mask & Birth) != 0 ? (status.BornSeconds, status.BornNanoseconds) : null, status.Inode, (status.Attributes & status.KnownAttributes & MountRoot) != 0);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    /// <summary><c>struct statx</c>, which is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(8)]
        public ulong Attributes;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(56)]
        public ulong KnownAttributes;

        [FieldOffset(80)]
        public long BornSeconds;

        [FieldOffset(88)]
        public uint BornNanoseconds;

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
