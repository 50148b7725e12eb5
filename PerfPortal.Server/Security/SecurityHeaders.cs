namespace PerfPortal.Server.Security;

/// <summary>A content security policy of an endpoint's own, for a page such as an API reference that brings its own scripts.</summary>
public sealed record ContentSecurityPolicyMetadata(string Policy);

/// <summary>Headers that tell a browser what a page of the portal may do.</summary>
public static class SecurityHeaders
{
    /// <summary>
    /// The policy of every answer without one of its own: nothing leaves the portal. <c>'self'</c> covers the WebSocket of the same origin (CSP 3).
    /// </summary>
    public const string Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>Gives the endpoints a policy of their own.</summary>
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
