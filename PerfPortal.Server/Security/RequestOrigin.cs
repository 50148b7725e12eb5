using System.Collections.Frozen;
using System.Net;

namespace PerfPortal.Server.Security;

/// <summary>Determines the origin of a request.</summary>
internal static class RequestOrigin
{
    // ASP.NET Core itself leaves X-Original-* behind when an environment variable tells it to interpret X-Forwarded-*.
    private static readonly FrozenSet<string> ProxyHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "CF-Ray", "CDN-Loop", "Fastly-Client-IP", "Fly-Client-IP",
        "X-Envoy-External-Address", "X-ProxyUser-IP");

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

        // Both are compared as text: a browser writes them identically (RFC 6454, 6.2), and converting a name that is not valid Punycode fails.
        if (origin.Count > 1 || origin[0] is not { } page || page.IndexOf("://", StringComparison.Ordinal) is not (4 or 5))
        {
            return true;
        }

        string scheme = page[..page.IndexOf(':', StringComparison.Ordinal)];
        string host = page[(scheme.Length + 3)..];
        bool isSameHost = WithoutPort(host, DefaultPort(scheme)).Equals(WithoutPort(request.Host.Value, DefaultPort(request.Scheme)), StringComparison.OrdinalIgnoreCase);
        return scheme is not ("http" or "https") || !((isSameHost && scheme == request.Scheme)
            || (behindProxy && host.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// Returns whether a page of another site makes the request in the background (a script, an image, a frame, a prefetch), without the user noticing.
    /// Opening a link to the portal is allowed. Browsers send the headers to loopback too (Fetch Metadata); other clients send none.
    /// </summary>
    public static bool IsHiddenCrossSite(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers["Sec-Fetch-Site"] != "cross-site")
        {
            return false;
        }

        string? target = headers["Sec-Fetch-Dest"];
        return headers["Sec-Fetch-Mode"] != "navigate" || target is not (null or "" or "document")
            || headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Returns whether a proxy forwarded the request: the headers of RFC 7239 and RFC 9110, and those that proxies and content networks add.</summary>
    public static bool IsForwarded(HttpRequest request)
    {
        foreach (var header in request.Headers)
        {
            if (ProxyHeaders.Contains(header.Key)
                || header.Key.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || header.Key.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase))
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

    private static string DefaultPort(string scheme) => scheme == "https" ? ":443" : ":80";

    private static string WithoutPort(string? host, string port) =>
        host is null ? "" : host.EndsWith(port, StringComparison.Ordinal) ? host[..^port.Length] : host;
}
