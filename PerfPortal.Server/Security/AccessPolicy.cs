using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Settings.Configuration;

namespace PerfPortal.Server.Security;

/// <summary>The access mode, which depends on the addresses that the server listens on.</summary>
public enum AccessMode
{
    /// <summary>The server has not bound its addresses yet; every request is rejected.</summary>
    Undecided,

    /// <summary>Every address is loopback: requests from the same machine need no sign-in.</summary>
    Local,

    /// <summary>At least one address is not loopback: every caller needs a session or a key.</summary>
    Team,

    /// <summary>At least one address is not loopback and no admin key is configured: every request is rejected and startup fails.</summary>
    Refused,
}

/// <summary>Determines the access mode once, from the addresses that the server has bound.</summary>
public sealed class AccessPolicy(AccessOptions options, IServer server, IHostApplicationLifetime lifetime)
{
    private volatile AccessMode _mode;

    /// <summary>The access mode, determined on the first read after the server has bound its addresses.</summary>
    public AccessMode Mode => _mode != AccessMode.Undecided || !lifetime.ApplicationStarted.IsCancellationRequested ? _mode : Decide();

    /// <summary>Throws when the portal is reachable from other machines and has no admin key.</summary>
    /// <exception cref="PortalConfigurationException">The admin key is missing; the message names the addresses and the setting.</exception>
    public void EnsureAdminKey()
    {
        if (Mode != AccessMode.Refused)
        {
            return;
        }

        throw new PortalConfigurationException(
        [
            $"{SettingsCatalog.AdminKey.Key} is missing: the portal listens on {string.Join(", ", Addresses.Where(address => !IsLoopback(address)))}, "
            + $"which other machines can reach. Set a key of at least {SettingsCatalog.AdminKey.Min} characters, or listen on localhost only.",
        ]);
    }

    /// <summary>Returns whether a server address such as <c>http://[::]:5080</c> is reachable from this machine only.</summary>
    public static bool IsLoopback(string address)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return false;
        }

        if (binding.IsUnixPipe || binding.IsNamedPipe)
        {
            return true;
        }
        // Kestrel binds every host name except localhost to all addresses.
        if (binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && IsLoopback(ip);
    }

    internal static bool IsLoopback(IPAddress ip) => IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip);

    private ICollection<string> Addresses => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private AccessMode Decide() => _mode = Addresses.All(IsLoopback) ? AccessMode.Local
        : options.AdminKey is { Length: var length } && length >= SettingsCatalog.AdminKey.Min ? AccessMode.Team
        : AccessMode.Refused;
}
