using Microsoft.OpenApi;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Api.OpenApi;

/// <summary>The ways to authenticate.</summary>
internal static class SecuritySchemes
{
    private const string Bearer = "bearer";
    private const string Key = "api_key";
    private const string Cookie = "session";

    /// <summary>The names of the schemes; a request needs one of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Bearer, Key, Cookie];

    /// <summary>Adds the schemes to the document.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        const string local = "A portal that is bound to loopback requires no authentication.";
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An access key. " + local,
        });
        document.AddComponent<IOpenApiSecurityScheme>(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Api-Key",
            Description = "An access key. " + local,
        });
        document.AddComponent<IOpenApiSecurityScheme>(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = Session.CookieName,
            Description = $"The session of a browser, after signing in at {SignIn.Path}. {local}",
        });
    }
}
