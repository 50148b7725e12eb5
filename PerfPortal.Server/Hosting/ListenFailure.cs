using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace PerfPortal.Server.Hosting;

/// <summary>Explains in one sentence why the portal could not listen on an address.</summary>
internal static class ListenFailure
{
    private const string NoCertificate = "set Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:Password, or use http:// behind a proxy that handles TLS.";

    /// <summary>Returns the sentence; <see langword="null"/> for a failure of another kind.</summary>
    /// <param name="failure">The exception of the start.</param>
    /// <param name="addresses">The configured addresses.</param>
    public static string? Explain(Exception failure, IReadOnlyList<string> addresses)
    {
        var causes = Causes(failure).ToList();
        string? address = Named(causes, addresses);
        var parsed = address is null ? null : ListenAddresses.Parse(address);
        string where = address ?? string.Join(" or ", addresses);
        if (causes.Exists(cause => cause is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }))
        {
            return parsed is { IsUnixPipe: false, Port: var port and > 0 }
                ? $"port {port} of {where} is already in use; stop the program that uses it, or choose another port with --urls {parsed.With(port < 65_535 ? port + 1 : port - 1)}."
                : $"{where} is already in use; stop the program that uses it, or choose another address with --urls.";
        }

        return causes.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"the system does not allow the portal to listen on {where}; choose a port of 1024 or above, such as --urls {parsed?.With(5080) ?? PortalHost.DefaultUrl}, or give the "
                + "process the right to use lower ports (CAP_NET_BIND_SERVICE).",
            SocketError.AddressNotAvailable => $"{where} is not an address of this machine; use one of its addresses, 127.0.0.1 for this machine only, or * for all.",
            SocketError.AddressFamilyNotSupported => $"this machine does not support the type of address in {where}; use an IPv4 address, such as {PortalHost.DefaultUrl}.",
            { } other => $"the portal cannot listen on {where} ({other}); choose another address with --urls.",
            null => OfCertificate(causes, addresses),
        };
    }

    private static string? OfCertificate(List<Exception> causes, IReadOnlyList<string> addresses)
    {
        string? address = addresses.FirstOrDefault(one => one.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        return address is null ? null
            : causes.Exists(cause => cause is InvalidOperationException && cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)) ? $"{address} needs a certificate; {NoCertificate}"
            : causes.Find(cause => cause is CryptographicException or FileNotFoundException or DirectoryNotFoundException) is { } unreadable
                ? $"the certificate for {address} cannot be read ({unreadable.Message.TrimEnd('.')}); {NoCertificate}"
            : null;
    }

    /// <summary>The server's message names the address in some cases only.</summary>
    private static string? Named(List<Exception> causes, IReadOnlyList<string> addresses) =>
        addresses.Count == 1 ? addresses[0] : addresses.FirstOrDefault(address => causes.Exists(cause => cause.Message.Contains(address.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
            if (cause is AggregateException { InnerExceptions: { Count: > 1 } all })
            {
                foreach (var one in all.Skip(1).SelectMany(Causes))
                {
                    yield return one;
                }
            }
        }
    }
}
