using System.Runtime.InteropServices;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Asks for the size of the file system that holds a path.</summary>
/// <param name="path">The path in UTF-8, with a zero byte at the end.</param>
/// <param name="size">The answer.</param>
/// <returns>Whether the system answered.</returns>
internal delegate bool FileSystemSizeReader(byte[] path, out FileSystemSize size);

/// <summary>The size of a file system, as statvfs(3) tells it.</summary>
/// <param name="Total">All blocks, bytes.</param>
/// <param name="Free">Blocks that nobody uses, those kept back for the administrator too, bytes.</param>
/// <param name="Available">Blocks that an ordinary user may still fill, bytes.</param>
internal readonly partial record struct FileSystemSize(double Total, double Free, double Available)
{
    /// <summary>The share in use as <c>df</c> counts it: used / (used + available), 0–100; NaN for a file system without blocks.</summary>
    public double UsedPercent => 100 * (Total - Free) / (Total - Free + Available);

    /// <summary>The size of this system's file system that holds <paramref name="path"/>.</summary>
    public static bool Of(byte[] path, out FileSystemSize size)
    {
        size = default;
        if (!Environment.Is64BitProcess)
        {
            return OfDrive(path, out size);
        }

        if (StatVfs(path, out var block) != 0)
        {
            return false;
        }

        double unit = block.FragmentSize;
        size = new(block.Blocks * unit, block.BlocksFree * unit, block.BlocksAvailable * unit);
        return true;
    }

    /// <summary>The structure below is that of 64-bit systems; the runtime knows the others.</summary>
    private static bool OfDrive(byte[] path, out FileSystemSize size)
    {
        var drive = new DriveInfo(Encoding.UTF8.GetString(path.AsSpan(0, path.Length - 1)));
        size = drive.IsReady ? new(drive.TotalSize, drive.TotalFreeSpace, drive.AvailableFreeSpace) : default;
        return drive.IsReady;
    }

    [LibraryImport("libc", EntryPoint = "statvfs")]
    private static partial int StatVfs(byte[] path, out StatVfsBlock block);

    /// <summary><c>struct statvfs</c> of glibc and musl on 64-bit Linux: eleven words and a reserve.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct StatVfsBlock
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong BlocksFree;
        public ulong BlocksAvailable;
        public ulong Files;
        public ulong FilesFree;
        public ulong FilesAvailable;
        public ulong Id;
        public ulong Flags;
        public ulong NameMax;
        public fixed ulong Reserve[8];
    }
}
