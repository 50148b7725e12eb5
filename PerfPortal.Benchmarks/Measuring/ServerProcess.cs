using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>A server in a process of its own on a free loopback port: its CPU time, memory, handles and threads can be read, and it can be killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private ServerProcess(ProcessStartInfo start, Uri address)
    {
        BaseAddress = address;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        long begun = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        Started = begun;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>From just before the process was made to the first 200 of the address that was asked.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Its CPU time, threads and memory, now.</summary>
    public ProcessFigures Figures => ProcessFigures.Read(Id);

    /// <summary>CPU time that it has used, user and system, in seconds.</summary>
    public double CpuSeconds => Figures.CpuSeconds;

    /// <summary>Handles that it has open.</summary>
    public int Handles => ProcessFigures.Handles(Id);

    /// <summary>What it wrote last.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join(Environment.NewLine, _lines);
            }
        }
    }

    private long Started { get; }

    /// <summary>A loopback port that is not in use.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The runtime's host that runs this program, else the one on the path.</summary>
    public static string DotNet { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts it and waits until the address answers with 200.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in a minute; the message holds what it wrote.</exception>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, int port, string readyPath, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(start, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        try
        {
            await server.WaitAsync(port, readyPath, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(int port, string readyPath, CancellationToken cancellationToken)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"GET {readyPath} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
        while (Stopwatch.GetElapsedTime(Started) < Timeout && !_process.HasExited)
        {
            if (await IsReadyAsync(port, request, cancellationToken))
            {
                StartTime = Stopwatch.GetElapsedTime(Started);
                return;
            }

            await Task.Delay(Poll, cancellationToken);
        }

        throw new InvalidOperationException($"The server {(_process.HasExited ? "ended before it was ready" : "was not ready in a minute")}: {Output}");
    }

    private static async Task<bool> IsReadyAsync(int port, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await socket.SendAsync(request, cancellationToken);
            byte[] answer = new byte[64];
            int length = await socket.ReceiveAsync(answer, cancellationToken);
            return answer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
