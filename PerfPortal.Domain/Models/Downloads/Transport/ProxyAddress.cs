using System.Net;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>A proxy that is given as an address.</summary>
internal static class ProxyAddress
{
    /// <summary>The proxy; a user and a password in the address are used for it.</summary>
    public static WebProxy ToProxy(Uri address)
    {
        var proxy = new WebProxy(new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        if (address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password is [var word] ? word : ""));
        }

        return proxy;
    }
}
