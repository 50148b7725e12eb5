using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Settings.Configuration;

namespace PerfPortal.Server.Security;

/// <summary>How the portal is reached, and so what it asks of a caller.</summary>
public enum AccessMode
{
    /// <summary>The server has not bound its addresses yet; nothing is answered.</summary>
    Undecided,

    /// <summary>Every address is loopback: open to the person at the machine.</summary>
    Local,

    /// <summary>Some address is not loopback: every caller needs a session or a key.</summary>
    Team,

    /// <summary>Some address is not loopback and there is no admin key: nothing is answered, and the start fails.</summary>
    Refused,
}

/// <summary>Decides, once, from the addresses that the server has bound, how the portal is guarded.</summary>
public sealed class AccessPolicy(AccessOptions options, IServer server, IHostApplicationLifetime lifetime)
{
    private volatile AccessMode _mode;

    /// <summary>The mode; decided at the first question after the server has bound.</summary>
    public AccessMode Mode => _mode != AccessMode.Undecided || !lifetime.ApplicationStarted.IsCancellationRequested ? _mode : Decide();

    /// <summary>Fails when the portal is reachable from elsewhere and has no admin key.</summary>
    /// <exception cref="PortalConfigurationException">That is so; the message names the address and the key to set.</exception>
    public void EnsureGuarded()
    {
        if (Mode != AccessMode.Refused)
        {
            return;
        }

        throw new PortalConfigurationException(
        [
            $"{SettingsCatalog.AdminKey.Key} is missing: the portal listens on {string.Join(", ", Addresses.Where(address => !IsLoopback(address)))}, "
            + $"where others can reach it. Set a key of at least {SettingsCatalog.AdminKey.Min} characters, or listen on localhost only.",
        ]);
    }

    /// <summary>Says whether only this machine reaches <paramref name="address"/>, written as the server writes it, such as <c>http://[::]:5080</c>.</summary>
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
        // Kestrel binds every name but this one to all addresses.
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
