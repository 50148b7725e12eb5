using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Security;

/// <summary>Checks requests to a portal that is bound to loopback.</summary>
internal sealed class LocalAccess(AccessOptions options)
{
    /// <summary>Returns why a request is rejected, or <see langword="null"/> when it comes from this machine and is not cross-origin.</summary>
    public string? RejectionReason(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } remote && !AccessPolicy.IsLoopback(remote))
        {
            return "This portal is bound to loopback and accepts requests from this machine only.";
        }

        if (RequestOrigin.IsForwarded(request))
        {
            return "This portal is bound to loopback, requires no sign-in and must not be published through a proxy. Set an admin key and bind it to a network address.";
        }

        if (!RequestOrigin.HasLocalHost(request, options.AllowedHosts))
        {
            return $"The Host header is not a loopback name. To allow this host, add it to {SettingsCatalog.AllowedHosts.Key}.";
        }

        if (RequestOrigin.IsHiddenCrossSite(request))
        {
            return "Background requests by a page of another site are not allowed.";
        }

        if (RequestOrigin.IsUnsafe(request) && RequestOrigin.IsCrossOrigin(request, behindProxy: false))
        {
            return "Cross-origin requests are not allowed.";
        }

        return null;
    }
}
