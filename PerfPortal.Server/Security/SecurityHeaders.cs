namespace PerfPortal.Server.Security;

/// <summary>A content security policy for one endpoint, such as an API reference page with its own scripts.</summary>
public sealed record ContentSecurityPolicyMetadata(string Policy);

/// <summary>Adds security headers to responses.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// The default policy: pages load and send data only from and to the portal. <c>'self'</c> includes the WebSocket of the same origin (CSP 3).
    /// </summary>
    public const string Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>Sets a separate policy for the endpoints.</summary>
    public static TBuilder WithContentSecurityPolicy<TBuilder>(this TBuilder builder, string policy)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new ContentSecurityPolicyMetadata(policy)));
        return builder;
    }

    /// <summary>Sets the headers of every response before any step that can fail.</summary>
    internal static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }

    /// <summary>Replaces the policy by that of the endpoint, once the endpoint is known.</summary>
    internal static Task ApplyEndpointAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityPolicyMetadata>() is { } own)
        {
            context.Response.Headers.ContentSecurityPolicy = own.Policy;
        }

        return next(context);
    }
}
