using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Security;

/// <summary>Whom a portal that is bound to loopback turns away.</summary>
internal sealed class LocalAccess(AccessOptions options)
{
    /// <summary>Why a request is not let in, or <see langword="null"/> when it is: it comes from this machine, and no page elsewhere made it.</summary>
    public string? Objection(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } remote && !AccessPolicy.IsLoopback(remote))
        {
            return "This portal is bound to loopback and answers this machine only.";
        }

        if (RequestOrigin.IsForwarded(request))
        {
            return "This portal is open to this machine and must not be published by a proxy. Set an admin key and bind it to an address of the network.";
        }

        if (!RequestOrigin.HasLocalHost(request, options.AllowedHosts))
        {
            return $"The Host header is no loopback name. Add it to {SettingsCatalog.AllowedHosts.Key} if it is yours.";
        }

        if (RequestOrigin.IsUnsafe(request) && RequestOrigin.IsForeign(request, behindProxy: false))
        {
            return "The request was sent by a page of another origin.";
        }

        return null;
    }
}
