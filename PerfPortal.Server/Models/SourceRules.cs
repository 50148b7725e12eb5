using System.Net;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Models;

/// <summary>Which servers models may be downloaded from: without the setting, only those on the public Internet.</summary>
/// <param name="allowsPrivate">Whether others are allowed too.</param>
internal sealed class SourceRules(Func<bool> allowsPrivate)
{
    /// <summary>What to do about an address that is refused.</summary>
    public static readonly string Hint = $"To allow it, set {SettingsCatalog.AllowPrivateSources.Key} to true.";

    /// <summary>Whether an address may be connected to.</summary>
    public bool Allows(IPAddress address) => allowsPrivate() || AddressRanges.Explain(address) is null;

    /// <summary>Says why a URL is refused that names such an address itself; <see langword="null"/> for others: a name is resolved only when it is connected to.</summary>
    public string? Refuse(Uri url) => AddressOf(url) is { } address && !Allows(address)
        ? $"{url.Host} is {AddressRanges.Explain(address)}, which is not allowed as a source of downloads. {Hint}" : null;

    private static IPAddress? AddressOf(Uri url)
    {
        string host = url.IdnHost.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(host, out var address) ? address
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : null;
    }
}
