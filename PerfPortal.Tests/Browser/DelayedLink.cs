using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace PerfPortal.Tests.Browser;

/// <summary>A loopback proxy that delivers every byte later by the same time in both directions, like a distant network.</summary>
internal sealed class DelayedLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    /// <summary>Starts a proxy in front of <paramref name="target"/>.</summary>
    /// <param name="target">The server.</param>
    /// <param name="delay">The delay of each direction.</param>
    public DelayedLink(Uri target, TimeSpan delay)
    {
        (_target, _delay) = (target, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The address that leads through the proxy.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = ConnectAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ConnectAsync(TcpClient browser)
    {
        using (browser)
        using (var server = new TcpClient { NoDelay = true })
        {
            browser.NoDelay = true;
            await server.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            await Task.WhenAny(PumpAsync(browser.GetStream(), server.GetStream()), PumpAsync(server.GetStream(), browser.GetStream()));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var underway = Channel.CreateUnbounded<(byte[] Bytes, long SentAt)>();
        async Task DeliverAsync()
        {
            await foreach (var (bytes, sentAt) in underway.Reader.ReadAllAsync(_stop.Token))
            {
                var left = _delay - TimeProvider.System.GetElapsedTime(sentAt);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, _stop.Token);
                }

                await to.WriteAsync(bytes, _stop.Token);
            }
        }

        var delivering = DeliverAsync();
        byte[] buffer = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, _stop.Token)) > 0;)
        {
            underway.Writer.TryWrite((buffer[..read], TimeProvider.System.GetTimestamp()));
        }

        underway.Writer.Complete();
        await delivering;
    }
}
