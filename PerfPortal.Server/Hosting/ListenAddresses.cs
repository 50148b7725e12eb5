using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PerfPortal.Server.Hosting;

/// <summary>The addresses that the portal is to listen on, checked before anything else is set up.</summary>
internal static class ListenAddresses
{
    private const string Example = "--urls http://127.0.0.1:5080";

    /// <summary>The configured addresses.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) =>
    [
        .. (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>(),
    ];

    /// <summary>Checks the form of the addresses and their host names.</summary>
    /// <exception cref="PortalStartException">The portal cannot listen on an address.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (Of(configuration).Select(Objection).FirstOrDefault(objection => objection is not null) is { } found)
        {
            throw new PortalStartException(found);
        }
    }

    /// <summary>Parses an address; <see langword="null"/> if it has no valid form.</summary>
    public static BindingAddress? Parse(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The address with another port.</summary>
    public static string With(this BindingAddress address, int port) => string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.Host}:{port}");

    private static string? Objection(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal))
        {
            return $"the address \"{address}\" does not begin with http://; write --urls http://{address}.";
        }

        if (Parse(address) is not { } parsed)
        {
            return $"the address \"{address}\" is not valid; write it like {Example}.";
        }

        if (parsed.Scheme is not ("http" or "https"))
        {
            return $"the address \"{address}\" begins with {parsed.Scheme}://; use http:// or https://, like {Example}.";
        }

        if (parsed.IsUnixPipe || parsed.IsNamedPipe)
        {
            return null;
        }

        if (parsed.Port is < 0 or > 65_535 || parsed.Host.Length == 0 || (parsed.Host.Contains(':', StringComparison.Ordinal) && !(parsed.Host.StartsWith('[') && parsed.Host.EndsWith(']'))))
        {
            return $"the address \"{address}\" has no valid host and port; a port is a number up to 65535, like in {Example}.";
        }

        if (parsed.PathBase.Length > 0)
        {
            return $"the address \"{address}\" contains a path; write --urls {parsed.With(parsed.Port)}.";
        }

        if (parsed.Port == 0 && parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return $"the address \"{address}\" uses port 0, which localhost does not support; write --urls {parsed.Scheme}://127.0.0.1:0.";
        }

        return IsKnown(parsed.Host) ? null
            : $"the host name \"{parsed.Host}\" of the address \"{address}\" is unknown; write --urls {parsed.Scheme}://*:{parsed.Port} to listen on all addresses, or give an IP address of this machine.";
    }

    // The server listens on all addresses for any name, even a misspelt one.
    private static bool IsKnown(string host)
    {
        if (host is "*" or "+" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return true;
        }

        try
        {
            return Dns.GetHostAddresses(host).Length > 0;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
