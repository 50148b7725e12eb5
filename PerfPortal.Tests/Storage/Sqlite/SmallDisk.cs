using System.Diagnostics;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>A file system in memory of a few MiB that can fill up and be made read-only; it takes the right to mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Mounts one, or skips the test with a reason.</summary>
    public static SmallDisk Mount(int mebibytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small file system in memory is mounted on Linux only.");
        string path = Directory.CreateTempSubdirectory("perfportal-disk-").FullName;
        var (code, error) = Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path);
        if (code != 0)
        {
            Directory.Delete(path);
            Assert.Skip($"A file system in memory cannot be mounted here: {error.Trim()}");
        }

        return new(path);
    }

    /// <summary>Leaves no free byte; what is returned frees the room again when it is deleted.</summary>
    public string Fill()
    {
        string filler = System.IO.Path.Combine(Path, "filler");
        byte[] block = new byte[4096];
        try
        {
            using var file = new FileStream(filler, FileMode.Append, FileAccess.Write, FileShare.None, 1);
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            return filler;
        }
    }

    /// <summary>Makes it read-only, or writable again.</summary>
    public void SetReadOnly(bool isReadOnly)
    {
        var (code, error) = Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", Path);
        Assert.True(code == 0, error);
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
