using System.Runtime.InteropServices;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Reads the size of the file system that contains a path.</summary>
/// <param name="path">The path in UTF-8, null-terminated.</param>
/// <param name="size">The size.</param>
/// <returns>Whether the size could be read.</returns>
internal delegate bool FileSystemSizeReader(byte[] path, out FileSystemSize size);

/// <summary>The size of a file system, as reported by statvfs(3).</summary>
/// <param name="Total">All blocks, bytes.</param>
/// <param name="Free">Free blocks, including those reserved for the administrator, bytes.</param>
/// <param name="Available">Blocks available to unprivileged users, bytes.</param>
internal readonly partial record struct FileSystemSize(double Total, double Free, double Available)
{
    /// <summary>The share in use, calculated like <c>df</c>: used / (used + available), 0–100; NaN for a file system without blocks.</summary>
    public double UsedPercent => 100 * (Total - Free) / (Total - Free + Available);

    /// <summary>Reads the size of the file system that contains <paramref name="path"/>.</summary>
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

    /// <summary>Uses the runtime on 32-bit systems; the structure below is for 64-bit systems.</summary>
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
