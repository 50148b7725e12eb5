using System.Net;
using System.Net.Sockets;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>
/// Connects only to addresses that a policy allows. The policy decides on the address that is connected to, so a name cannot lead to another one between check and use.
/// </summary>
/// <param name="allow">Decides about an address.</param>
/// <param name="hint">What to do about one that is not allowed, as a sentence; <see langword="null"/> for nothing.</param>
internal sealed class AddressGuard(Func<IPAddress, bool> allow, string? hint)
{
    /// <summary>Says that a server must not be downloaded from.</summary>
    /// <param name="host">The server, by its name or address.</param>
    /// <param name="addresses">The addresses of the name.</param>
    /// <param name="hint">What to do about it, as a sentence.</param>
    public static string Refusal(string host, IEnumerable<IPAddress> addresses, string? hint)
    {
        string found = string.Join(", ", addresses.Take(3).Select(address => address.ToString()).Where(address => address != host.Trim('[', ']')));
        return $"{host} is not allowed as a source of downloads{(found.Length == 0 ? "" : $": its address is {found}")}.{(hint is null ? "" : " " + hint)}";
    }

    /// <summary>Connects; the callback of <see cref="SocketsHttpHandler"/>.</summary>
    /// <exception cref="DownloadException">The name has no address that is allowed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);

        // The address of a proxy comes from a setting, not from a download.
        if (string.Equals(context.InitialRequestMessage.RequestUri?.IdnHost.Trim('[', ']'), target.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase))
        {
            addresses = Filter(target.Host, addresses);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Checks a target to which a proxy will connect.</summary>
    /// <exception cref="DownloadException">The name has no address that is allowed.</exception>
    public async Task CheckAsync(Uri uri, CancellationToken cancellationToken)
    {
        try
        {
            Filter(uri.Host, await Dns.GetHostAddressesAsync(uri.IdnHost.Trim('[', ']'), cancellationToken).ConfigureAwait(false));
        }
        catch (SocketException)
        {
            // Only the proxy can resolve it.
        }
    }

    private IPAddress[] Filter(string host, IPAddress[] addresses)
    {
        IPAddress[] allowed = [.. addresses.Where(address => allow(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))];
        return allowed.Length > 0 ? allowed : throw new DownloadException(DownloadErrorCategory.NotAllowed, Refusal(host, addresses, hint));
    }
}
