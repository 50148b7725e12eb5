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

    internal static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityPolicyMetadata>()?.Policy ?? Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }
}
