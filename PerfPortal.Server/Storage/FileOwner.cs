using System.Globalization;
using System.Runtime.InteropServices;

namespace PerfPortal.Server.Storage;

/// <summary>The owner of a file on Linux. Elsewhere it is unknown.</summary>
internal static partial class FileOwner
{
    private const int CurrentDirectory = -100;
    private const uint Basics = 0x7ff;

    /// <summary>The number of the user of this process. Not on Windows.</summary>
    public static uint Us => EffectiveUser();

    /// <summary>Whether the user of this process owns the file; <see langword="null"/> when unknown.</summary>
    public static bool? IsOurs(string path) => IdOf(path) is { } id ? id == EffectiveUser() : null;

    /// <summary>The name of the owner, or the number if it has no name here (as for the files of another container); <see langword="null"/> when unknown.</summary>
    public static string? NameOf(string path) => IdOf(path) is { } id ? NameOf(id) : null;

    private static uint? IdOf(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && StatX(CurrentDirectory, path, 0, Basics, out var status) == 0 ? status.User : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static string NameOf(uint id)
    {
        string number = id.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c>, which is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;
    }
}
