using System.Net;
using System.Net.Sockets;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Alerts.Guard;

/// <summary>A target is not on the public Internet, and private targets are not allowed.</summary>
internal sealed class TargetRefusedException(string message) : IOException(message);

/// <summary>
/// Opens connections to receivers. Unless private targets are allowed, it connects only to public addresses; it checks the address that it connects to, so that a name that resolves to
/// another address the next time changes nothing.
/// </summary>
internal sealed class TargetGuard(bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? ((host, token) => Dns.GetHostAddressesAsync(host, token));

    /// <summary>Connects to a host.</summary>
    /// <exception cref="TargetRefusedException">The host is not on the public Internet.</exception>
    /// <exception cref="SocketException">The host is unknown or does not answer.</exception>
    public async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = Allowed(host, await ResolveAsync(host, cancellationToken).ConfigureAwait(false), out string? reason);
        if (addresses.Length == 0)
        {
            throw new TargetRefusedException(Refusal(host, reason!));
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Why a host cannot be a target, as far as it is known now; <see langword="null"/> when it can, and when its name cannot be resolved at present.</summary>
    public async Task<string?> ExplainAsync(string host, CancellationToken cancellationToken)
    {
        if (allowsPrivate)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CheckTimeout);
        try
        {
            var addresses = await ResolveAsync(host, limit.Token).ConfigureAwait(false);
            return Allowed(host, addresses, out string? reason).Length == 0 ? Refusal(host, reason!) : null;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await _resolve(host, cancellationToken).ConfigureAwait(false);

    private IPAddress[] Allowed(string host, IPAddress[] addresses, out string? reason)
    {
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        reason = null;
        if (allowsPrivate)
        {
            return addresses;
        }

        foreach (var address in addresses)
        {
            if (AddressRanges.Explain(address) is { } name)
            {
                reason ??= IPAddress.TryParse(host.Trim('[', ']'), out _) ? name : $"{name}, {address}";
            }
        }

        return [.. addresses.Where(address => AddressRanges.Explain(address) is null)];
    }

    private static string Refusal(string host, string reason) =>
        $"{host} is {reason}. Receivers on loopback, link-local and private addresses are refused unless {SettingsCatalog.AllowPrivateTargets.Key} is true.";
}
