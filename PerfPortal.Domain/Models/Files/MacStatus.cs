using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PerfPortal.Domain.Models.Files;

/// <summary>The kind of file at a path on macOS (<c>stat</c>), as declared in <c>sys/stat.h</c>. Not tested on macOS.</summary>
[SupportedOSPlatform("macos")]
internal static partial class MacStatus
{
    /// <summary>Returns it; <see langword="null"/> when it is not known.</summary>
    public static EntryKind? KindOf(string path)
    {
        try
        {
            int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Stat(path, out var status) : Stat64(path, out status);
            return result == 0 ? UnixMode.KindOf(status.Mode) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, out Status status);

    // The name of the variant with 64-bit inodes on Intel processors.
    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat64(string path, out Status status);

    /// <summary>The beginning of <c>struct stat</c>, which has 144 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Status
    {
        [FieldOffset(4)]
        public ushort Mode;
    }
}
