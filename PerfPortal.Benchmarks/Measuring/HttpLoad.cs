using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>What a load of requests met.</summary>
/// <param name="Requests">How many were answered.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="LatenciesUs">From the sending of a request to the last byte of its answer, in microseconds, in no order.</param>
/// <param name="ServerCpuSeconds">CPU time that the server used meanwhile.</param>
internal sealed record HttpLoadResult(long Requests, double Seconds, double[] LatenciesUs, double ServerCpuSeconds)
{
    /// <summary>Requests a second.</summary>
    public double Rate => Requests / Seconds;

    /// <summary>Server CPU time of a request, in microseconds.</summary>
    public double ServerCpuUs => ServerCpuSeconds * 1e6 / Requests;
}

/// <summary>
/// Sends one fixed request repeatedly over several persistent connections, the next one after each response. Blocking sockets and
/// a thread a connection: on a small machine nothing leaves more of it to the server.
/// </summary>
internal static class HttpLoad
{
    /// <summary>The bytes of a GET.</summary>
    public static byte[] Get(Uri address, string? headers = null) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n"));

    /// <summary>Loads a server.</summary>
    /// <param name="server">Whose CPU time is read.</param>
    /// <param name="request">The bytes of a request.</param>
    /// <param name="status">The status that every answer must have.</param>
    /// <param name="connections">Connections.</param>
    /// <param name="duration">For how long.</param>
    /// <exception cref="InvalidDataException">An answer has another status.</exception>
    public static async Task<HttpLoadResult> RunAsync(ServerProcess server, byte[] request, int status, int connections, TimeSpan duration)
    {
        double cpu = server.CpuSeconds;
        long begun = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, connections).Select(_ => Task.Factory.StartNew(
            () => Work(server.BaseAddress.Port, request, status, begun, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        double[][] latencies = await Task.WhenAll(workers);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double[] all = [.. latencies.SelectMany(one => one)];
        return new(all.Length, seconds, all, server.CpuSeconds - cpu);
    }

    /// <summary>Sends a request once over an open connection and reads its answer.</summary>
    /// <returns>The answer, head and body.</returns>
    public static byte[] Exchange(Socket socket, byte[] request, byte[] buffer)
    {
        socket.Send(request);
        int read = 0;
        int whole = -1;
        while (whole < 0 || read < whole)
        {
            int count = socket.Receive(buffer, read, buffer.Length - read, SocketFlags.None);
            if (count == 0)
            {
                throw new InvalidDataException("The server closed the connection.");
            }

            read += count;
            whole = whole < 0 ? LengthOf(buffer.AsSpan(0, read)) : whole;
        }

        return buffer[..read];
    }

    /// <summary>The length of head and body by <c>Content-Length</c>; -1 while the head is not complete.</summary>
    /// <exception cref="InvalidDataException">The head names no length, though its status has a body.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return -1;
        }

        if (StatusOf(answer) == (int)HttpStatusCode.NotModified)
        {
            return end + 4;
        }

        var head = answer[..(end + 2)];
        int place = head.IndexOf("Content-Length: "u8);
        if (place < 0)
        {
            throw new InvalidDataException("The answer names no length.");
        }

        var digits = head[(place + 16)..];
        return end + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>The status of an answer.</summary>
    internal static int StatusOf(ReadOnlySpan<byte> answer) => int.Parse(answer.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A connection to a port of this machine.</summary>
    public static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static double[] Work(int port, byte[] request, int status, long begun, TimeSpan duration)
    {
        using var socket = Connect(port);
        byte[] buffer = new byte[256 * 1024];
        var latencies = new List<double>(1 << 16);
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            long sent = Stopwatch.GetTimestamp();
            socket.Send(request);
            int read = 0;
            int whole = -1;
            while (whole < 0 || read < whole)
            {
                int count = socket.Receive(buffer, read, buffer.Length - read, SocketFlags.None);
                read += count > 0 ? count : throw new InvalidDataException("The server closed the connection.");
                whole = whole < 0 ? LengthOf(buffer.AsSpan(0, read)) : whole;
            }

            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            if (StatusOf(buffer) != status)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The server answered {StatusOf(buffer)} instead of {status}."));
            }
        }

        return [.. latencies];
    }
}
