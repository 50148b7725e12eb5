using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>A request as it came.</summary>
internal sealed record OddRequest(string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte that is asked for, or <see langword="null"/> without a range.</summary>
    public (long From, long? To)? Range
    {
        get
        {
            if (!Headers.TryGetValue("Range", out string? range))
            {
                return null;
            }

            string[] ends = range["bytes=".Length..].Split('-');
            return (long.Parse(ends[0], CultureInfo.InvariantCulture), ends[1].Length == 0 ? null : long.Parse(ends[1], CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>An answer, with what is wrong with it.</summary>
internal sealed record OddAnswer(int Status, byte[] Body)
{
    /// <summary>Headers beside Content-Length.</summary>
    public List<string> Headers { get; init; } = [];

    /// <summary>Whether the length is said.</summary>
    public bool HasLength { get; init; } = true;

    /// <summary>Whether the body is sent in chunks.</summary>
    public bool IsChunked { get; init; }

    /// <summary>The bytes of the body after which the connection is closed.</summary>
    public int CutAfter { get; init; } = int.MaxValue;

    /// <summary>Sends the body byte by byte with this pause, for ever.</summary>
    public TimeSpan? Drip { get; init; }

    /// <summary>Waits between the first half of the body and the second.</summary>
    public Task? Between { get; init; }
}

/// <summary>A web server on loopback with one file, that behaves as badly as a test wants.</summary>
internal sealed class OddServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private TcpListener _listener;
    private Task _accepting;
    private long _sent;

    public OddServer(byte[] content, int port = 0)
    {
        Content = content;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public byte[] Content { get; set; }

    public string? ETag { get; set; } = "\"one\"";

    public DateTimeOffset? LastModified { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Answers instead of the ordinary server when it does not return <see langword="null"/>; gets the number of the request, from 1.</summary>
    public Func<OddRequest, int, OddAnswer?> Behave { get; set; } = (_, _) => null;

    /// <summary>The most bytes a second over each connection; <see langword="null"/> for no limit.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>The bytes of bodies that were sent.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    public ConcurrentQueue<OddRequest> Requests { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url(string path = "model.bin", string host = "127.0.0.1") => new($"http://{host}:{Port}/{path}");

    /// <summary>What an ordinary server answers: ranges, If-Range, validators.</summary>
    public OddAnswer Ordinary(OddRequest request)
    {
        var headers = new List<string> { "Accept-Ranges: bytes" };
        if (ETag is not null)
        {
            headers.Add($"ETag: {ETag}");
        }

        if (LastModified is { } time)
        {
            headers.Add($"Last-Modified: {time:R}");
        }

        bool isCurrent = !request.Headers.TryGetValue("If-Range", out string? condition) || condition == ETag || condition == LastModified?.ToString("R", CultureInfo.InvariantCulture);
        if (request.Range is not { } range || !isCurrent)
        {
            return new(200, Content) { Headers = headers };
        }

        if (range.From >= Content.Length)
        {
            return new(416, []) { Headers = [.. headers, $"Content-Range: bytes */{Content.Length}"] };
        }

        long to = Math.Min(range.To ?? long.MaxValue, Content.Length - 1);
        return new(206, Content[(int)range.From..((int)to + 1)]) { Headers = [.. headers, $"Content-Range: bytes {range.From}-{to}/{Content.Length}"] };
    }

    /// <summary>Stops to listen, and drops every connection.</summary>
    public async Task<int> StopAsync()
    {
        int port = Port;
        _listener.Stop();
        await _accepting;
        return port;
    }

    /// <summary>Listens again on the port.</summary>
    public void Listen(int port)
    {
        _listener = new(IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_stopping.Token);
                var connection = Task.Run(() => ServeAsync(client));
                _connections[connection] = true;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The listener has stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
            while (await ReadAsync(reader) is { } request)
            {
                Requests.Enqueue(request);
                if (!await SendAsync(stream, Behave(request, Requests.Count) ?? Ordinary(request)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone.
        }
    }

    private async Task<OddRequest?> ReadAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(_stopping.Token) is not { Length: > 0 } first)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } line)
        {
            string[] parts = line.Split(": ", 2);
            headers[parts[0]] = parts[1];
        }

        return new(first.Split(' ')[1], headers);
    }

    private async Task<bool> SendAsync(NetworkStream stream, OddAnswer answer)
    {
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} Odd\r\n");
        answer.Headers.ForEach(header => head.Append(header).Append("\r\n"));
        head.Append(answer.IsChunked ? "Transfer-Encoding: chunked\r\n" : answer.HasLength ? $"Content-Length: {answer.Body.Length}\r\n" : "Connection: close\r\n").Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), _stopping.Token);
        if (answer.Drip is { } pause)
        {
            for (int i = 0; ; i++)
            {
                await stream.WriteAsync(answer.Body.AsMemory(i % answer.Body.Length, 1), _stopping.Token);
                await Task.Delay(pause, _stopping.Token);
            }
        }

        var body = answer.Body.AsMemory(0, Math.Min(answer.Body.Length, answer.CutAfter));
        await SendBodyAsync(stream, answer, body[..(body.Length / 2)]);
        await (answer.Between ?? Task.CompletedTask).WaitAsync(_stopping.Token);
        await SendBodyAsync(stream, answer, body[(body.Length / 2)..]);
        if (answer.IsChunked && answer.CutAfter == int.MaxValue)
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stopping.Token);
        }

        return answer is { CutAfter: int.MaxValue } and ({ HasLength: true } or { IsChunked: true });
    }

    private async Task SendBodyAsync(NetworkStream stream, OddAnswer answer, ReadOnlyMemory<byte> part)
    {
        if (part.Length == 0)
        {
            return;
        }

        if (answer.IsChunked)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), _stopping.Token);
        }

        const int StepsPerSecond = 20;
        int step = BytesPerSecond is { } rate ? Math.Max(1, rate / StepsPerSecond) : part.Length;
        for (int at = 0; at < part.Length; at += step)
        {
            int length = Math.Min(step, part.Length - at);
            await stream.WriteAsync(part.Slice(at, length), _stopping.Token);
            Interlocked.Add(ref _sent, length);
            if (step < part.Length)
            {
                await Task.Delay(TimeSpan.FromSeconds(1.0 / StepsPerSecond), _stopping.Token);
            }
        }

        if (answer.IsChunked)
        {
            await stream.WriteAsync("\r\n"u8.ToArray(), _stopping.Token);
        }
    }
}
