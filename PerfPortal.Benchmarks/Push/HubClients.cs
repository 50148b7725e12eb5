using System.Net.WebSockets;
using System.Text;

namespace PerfPortal.Benchmarks.Push;

/// <summary>Many clients of a hub: raw WebSockets that speak SignalR's JSON protocol and count what arrives.</summary>
internal sealed class HubClients : IAsyncDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly byte[] Handshake = Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
    private static readonly byte[] Ping = Encoding.UTF8.GetBytes("{\"type\":6}\u001e");

    private readonly List<ClientWebSocket> _sockets = [];
    private readonly List<Task> _receiving = [];
    private readonly CancellationTokenSource _end = new();
    private readonly PeriodicTimer _timer = new(KeepAlive);
    private Task _pinging = Task.CompletedTask;
    private long _messages;
    private long _bytes;
    private string? _last;

    /// <summary>Invocations that arrived at all clients together.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Bytes that arrived.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The last invocation that the first client received.</summary>
    public string? Last => Volatile.Read(ref _last);

    /// <summary>Connections that are open.</summary>
    public int Open => _sockets.Count(socket => socket.State == WebSocketState.Open);

    /// <summary>Connects them.</summary>
    /// <param name="hub">The hub's address, http.</param>
    /// <param name="count">How many.</param>
    /// <param name="subscription">An invocation that each sends first, without its end mark.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<HubClients> ConnectAsync(Uri hub, int count, string? subscription, CancellationToken cancellationToken)
    {
        var clients = new HubClients();
        try
        {
            var address = new UriBuilder(hub) { Scheme = "ws" }.Uri;
            byte[]? first = subscription is null ? null : Encoding.UTF8.GetBytes(subscription + "\u001e");
            for (int client = 0; client < count; client++)
            {
                await clients.ConnectAsync(address, first, isFirst: client == 0, cancellationToken);
            }

            clients._pinging = clients.PingAsync();
            return clients;
        }
        catch
        {
            await clients.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync();
        _timer.Dispose();
        await _pinging;
        foreach (var socket in _sockets)
        {
            socket.Abort();
        }

        await Task.WhenAll(_receiving);
        _sockets.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    private async Task ConnectAsync(Uri address, byte[]? first, bool isFirst, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        _sockets.Add(socket);
        await socket.ConnectAsync(address, cancellationToken);
        await socket.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        byte[] answer = new byte[64];
        await socket.ReceiveAsync(answer.AsMemory(), cancellationToken);
        if (first is not null)
        {
            await socket.SendAsync(first, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }

        _receiving.Add(ReceiveAsync(socket, isFirst));
    }

    private async Task ReceiveAsync(ClientWebSocket socket, bool isFirst)
    {
        byte[] buffer = new byte[16 * 1024];
        var text = isFirst ? new StringBuilder() : null;
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                var part = buffer.AsSpan(0, result.Count);
                Interlocked.Add(ref _bytes, part.Length);
                for (int place; (place = part.IndexOf("{\"type\":1,"u8)) >= 0; part = part[(place + 1)..])
                {
                    Interlocked.Increment(ref _messages);
                }

                Remember(text, buffer.AsSpan(0, result.Count));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The end of the measurement, or of the server.
        }
    }

    private void Remember(StringBuilder? text, ReadOnlySpan<byte> part)
    {
        if (text is null)
        {
            return;
        }

        text.Append(Encoding.UTF8.GetString(part));
        if (part.IndexOf((byte)0x1e) >= 0)
        {
            string[] messages = text.ToString().Split('\u001e');
            Volatile.Write(ref _last, messages.LastOrDefault(message => message.StartsWith("{\"type\":1,", StringComparison.Ordinal) && message.EndsWith('}')) ?? _last);
            text.Clear().Append(messages[^1]);
        }
    }

    private async Task PingAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_end.Token))
            {
                foreach (var socket in _sockets.Where(socket => socket.State == WebSocketState.Open))
                {
                    await socket.SendAsync(Ping, WebSocketMessageType.Text, endOfMessage: true, _end.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The end of the measurement, or of the server.
        }
    }
}
