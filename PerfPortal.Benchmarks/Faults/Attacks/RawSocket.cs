using System.Net.Sockets;
using System.Text;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Sends requests and aborts connections in ways that HTTP clients do not.</summary>
internal static class RawSocket
{
    /// <summary>Sends a request and returns the status of its answer; 0 when there is none within ten seconds.</summary>
    public static async Task<int> SendAsync(PortalProcess portal, string request, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(portal, request, cancellationToken);
        byte[] head = new byte[16];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            int read = await socket.ReceiveAsync(head, limit.Token);
            return read >= 12 && int.TryParse(Encoding.ASCII.GetString(head, 9, 3), out int status) ? status : 0;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>Sends a request, waits for a moment and resets the connection.</summary>
    public static async Task ResetAsync(PortalProcess portal, string request, TimeSpan after, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(portal, request, cancellationToken);
        await Task.Delay(after, cancellationToken);
        socket.LingerState = new(enable: true, seconds: 0);
    }

    private static async Task<Socket> OpenAsync(PortalProcess portal, string request, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(portal.BaseAddress.Host, portal.BaseAddress.Port, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        return socket;
    }
}
