using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace PerfPortal.Server.Security;

/// <summary>Restores what a reverse proxy has replaced: the client's address, scheme and host, and the path under which the portal is published.</summary>
internal static class ForwardedRequests
{
    /// <summary>
    /// Takes address, scheme and host from <c>X-Forwarded-*</c> as far as trusted proxies wrote them: in a chain, the first address that is not a trusted proxy
    /// is the client. A portal on loopback uses none of them, because it rejects forwarded requests.
    /// </summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };

        // By default the framework trusts loopback; here only the configured proxies are trusted.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        var policy = app.ApplicationServices.GetRequiredService<AccessPolicy>();
        app.UseWhen(_ => policy.Mode == AccessMode.Team, team => team.UseForwardedHeaders(options));
    }

    /// <summary>Sets the path base of every request. A proxy may forward the path with or without the base, so the base is removed where it is present.</summary>
    public static void UsePortalPathBase(this IApplicationBuilder app, string pathBase)
    {
        if (pathBase.Length == 0)
        {
            return;
        }

        var prefix = new PathString(pathBase);
        app.Use(next => context =>
        {
            if (context.Request.Path.StartsWithSegments(prefix, out var rest))
            {
                context.Request.Path = rest.HasValue ? rest : "/";
            }

            context.Request.PathBase = prefix;
            return next(context);
        });
    }
}
