namespace PerfPortal.Server.Security;

/// <summary>Rejects requests that would make the framework fail wherever it reads them, before that happens.</summary>
internal static class UnreadableRequests
{
    /// <summary>Passes a readable request on.</summary>
    /// <exception cref="BadHttpRequestException">The host or the charset cannot be decoded.</exception>
    public static Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (!IsHost(headers.Host) || !IsHost(headers["X-Forwarded-Host"]))
        {
            throw new BadHttpRequestException("The host name is not valid: a label begins with xn-- but is not Punycode (RFC 3492).");
        }

        // .NET does not decode UTF-7, for which cross-site scripting is known.
        if (headers.ContentType.ToString() is { Length: > 0 } type
            && (type.Contains("utf-7", StringComparison.OrdinalIgnoreCase) || type.Contains("utf7", StringComparison.OrdinalIgnoreCase)))
        {
            throw new BadHttpRequestException("The charset utf-7 is not supported; use utf-8.");
        }

        return next(context);
    }

    private static bool IsHost(string? host)
    {
        if (host?.Contains("xn--", StringComparison.OrdinalIgnoreCase) != true)
        {
            return true;
        }

        try
        {
            return host.Split(',').All(one => HostString.FromUriComponent(one.Trim()).HasValue);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
