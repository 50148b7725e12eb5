using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace PerfPortal.Server.Security;

/// <summary>Restores what a reverse proxy has replaced: the client's address, scheme and host, and the path below which the portal is published.</summary>
internal static class ForwardedRequests
{
    /// <summary>
    /// Takes address, scheme and host from <c>X-Forwarded-*</c> as far as trusted proxies wrote them: of a chain, the first address that is no trusted proxy
    /// is the client. A portal on loopback takes nothing, because it refuses what a proxy forwards.
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

        // The framework trusts loopback unless told otherwise; here only what is configured is trusted.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        var policy = app.ApplicationServices.GetRequiredService<AccessPolicy>();
        app.UseWhen(_ => policy.Mode == AccessMode.Team, team => team.UseForwardedHeaders(options));
    }

    /// <summary>Sets the path base of every request. A proxy may pass the path on with the base or without it, so it is removed where it is present.</summary>
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
