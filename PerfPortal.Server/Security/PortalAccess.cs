using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Security;

/// <summary>Registers authentication and authorization.</summary>
public static class PortalAccess
{
    internal const string KeysFolder = "keys";

    /// <summary>
    /// Registers sessions, access keys and the access policy. The data protection keys are stored under <c>keys</c> in the data directory, readable only
    /// by the portal's user, so that sessions survive a restart.
    /// </summary>
    public static IServiceCollection AddPortalAccess(this IServiceCollection services, PortalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IAccessKeySource>(new ConfiguredAdminKey(options.Access));
        services.AddSingleton<AccessKeys>();
        services.AddSingleton(_ => new AttemptLimiter(AttemptLimiter.DefaultWindow));
        services.AddSingleton(options.Access);
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<LocalAccess>();
        services.AddSingleton(provider => new SessionRegistry(
            new(Path.Combine(options.DataDirectory, KeysFolder, "sessions.json"), provider.GetRequiredService<ILogger<SessionFile>>()), provider.GetRequiredService<TimeProvider>()));
        services.AddAuthentication(Session.Scheme).AddCookie(Session.Scheme, Session.Configure);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "perfportal_form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("PerfPortal");
        services.AddOptions<KeyManagementOptions>().Configure<ILogger<KeyFiles>>((keys, logger) =>
        {
            keys.XmlEncryptor = new UnencryptedKeys();
            keys.XmlRepository = new KeyFiles(Path.Combine(options.DataDirectory, KeysFolder), logger);
        });
        return services;
    }

    /// <summary>Adds the security headers. Must be first, so that errors have them too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(next => context => SecurityHeaders.ApplyAsync(context, next));

    /// <summary>Rejects unreadable requests, and restores what a proxy has replaced. Must be after the handling of errors and before everything that reads host, path or address.</summary>
    public static void UsePortalEntrance(this IApplicationBuilder app, PortalOptions options)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);
        app.Use(next => context => UnreadableRequests.RefuseAsync(context, next));
        app.UseTrustedProxies(options.Access.TrustedProxies);
        app.UsePortalPathBase(options.PathBase);
    }

    /// <summary>Adds the access check. Must be after routing and before all middleware that writes responses, including static files.</summary>
    public static IApplicationBuilder UsePortalAccess(this IApplicationBuilder app) =>
        app.Use(next => context => SecurityHeaders.ApplyEndpointAsync(context, next)).UseMiddleware<AccessMiddleware>();
}
