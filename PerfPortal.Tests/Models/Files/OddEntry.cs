using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace PerfPortal.Tests.Models.Files;

/// <summary>Entries of directories that are no files.</summary>
internal static class OddEntry
{
    /// <summary>Makes named pipes, into which nobody writes; what was there is replaced.</summary>
    public static void Pipes(params IEnumerable<string> paths)
    {
        var start = new ProcessStartInfo("mkfifo");
        foreach (string path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            start.ArgumentList.Add(path);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Makes a socket, which stays when it is closed.</summary>
    public static void Socket(string path)
    {
        // The name of a socket is short.
        string place = Path.Join(Path.GetTempPath(), Path.GetRandomFileName());
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(place));
        File.Move(place, path);
    }
}
