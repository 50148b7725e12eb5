using System.Net;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Reads the settings for a reverse proxy in front of the portal.</summary>
internal static class ProxySettings
{
    /// <summary>Reads the networks of the trusted proxies; a single address is a network of one.</summary>
    public static IReadOnlyList<IPNetwork> ReadTrusted(SettingValues values)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in values.Items(SettingsCatalog.TrustedProxies))
        {
            string given = text.Text.Trim();
            if (IPAddress.TryParse(given, out var address))
            {
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(given, out var network))
            {
                networks.Add(network);
            }
            else
            {
                values.Wrong(SettingsCatalog.TrustedProxies.Key, text, "an IP address, or a network such as 10.0.0.0/8");
            }
        }

        return networks;
    }

    /// <summary>Reads the path base and removes a slash at its end; <c>/</c> is none.</summary>
    public static string ReadPathBase(SettingValues values)
    {
        string given = values.Text(SettingsCatalog.PathBase) ?? "";
        string path = given.TrimEnd('/');
        bool isValid = path.Length == 0
            || (path[0] == '/' && path.Length <= SettingsCatalog.PathBase.Max
                && path[1..].Split('/').All(segment => segment.Length > 0 && segment is not ("." or "..") && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')));
        if (isValid)
        {
            return path;
        }

        values.Errors.Add(
            $"{SettingsCatalog.PathBase.Key} is \"{(given.Length > 100 ? given[..100] + "…" : given)}\" and must be a path such as /portal: it begins with a slash, has at most {SettingsCatalog.PathBase.Max} characters, "
            + "and its segments consist of letters, digits and - _ . ~");
        return "";
    }
}
