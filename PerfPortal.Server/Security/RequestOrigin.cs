using System.Net;

namespace PerfPortal.Server.Security;

/// <summary>Determines the origin of a request.</summary>
internal static class RequestOrigin
{
    /// <summary>Returns whether the request can change state or opens a WebSocket (RFC 6455 upgrade, RFC 8441 CONNECT).</summary>
    public static bool IsUnsafe(HttpRequest request)
    {
        string method = request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method))
        {
            return true;
        }

        return request.Headers.Upgrade.Count > 0;
    }

    /// <summary>
    /// Returns whether a page of another origin sent the request. A request without an <c>Origin</c> header does not come from a page, because
    /// browsers send one with every unsafe request. The origin <c>null</c> of a sandboxed frame is foreign.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="behindProxy">Whether a proxy may terminate TLS. In that case matching host and port are sufficient.</param>
    public static bool IsCrossOrigin(HttpRequest request, bool behindProxy)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            return true;
        }

        var origin = request.Headers.Origin;
        if (origin.Count == 0)
        {
            return false;
        }

        if (origin.Count > 1 || !Uri.TryCreate(origin[0], UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https"))
        {
            return true;
        }

        if (!Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own))
        {
            return true;
        }

        if (page.IdnHost == own.IdnHost && page.Port == own.Port && page.Scheme == own.Scheme)
        {
            return false;
        }

        return !(behindProxy && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns whether a proxy forwarded the request (RFC 7239 and the older headers).</summary>
    public static bool IsForwarded(HttpRequest request)
    {
        foreach (var header in request.Headers)
        {
            if (header.Key.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
                || header.Key.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether the <c>Host</c> header is a loopback name or an allowed host, with or without a port.</summary>
    public static bool HasLocalHost(HttpRequest request, IReadOnlyList<string> allowed)
    {
        string name = request.Host.Host;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        // Only the canonical notation: browsers never send "127.1" or "0x7f.1".
        if (IPAddress.TryParse(name.Trim('[', ']'), out var ip) && AccessPolicy.IsLoopback(ip))
        {
            return true;
        }

        foreach (string host in allowed)
        {
            if (host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
