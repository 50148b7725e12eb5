using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using PerfPortal.Server.Security;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>The hub: what it needs and where it lies.</summary>
internal static class LiveSetup
{
    /// <summary>Where the hub lies.</summary>
    public const string Path = "/hubs/performance";

    /// <summary>Registers the hub.</summary>
    public static IServiceCollection AddPortalLive(this IServiceCollection services)
    {
        services.AddSignalR(options =>
            {
                options.MaximumReceiveMessageSize = 32 * 1024;
                options.EnableDetailedErrors = false;
            })
            .AddJsonProtocol(json => WireJson.Configure(json.PayloadSerializerOptions))
            .AddMessagePackProtocol();
        services.AddSingleton<HubConnections>();
        services.AddSingleton<HubLifetimeManager<PerformanceHub>>(provider => provider.GetRequiredService<HubConnections>());
        services.AddSingleton<HubSubscriptions>();
        services.AddSingleton<HubMessageWriter>();
        services.AddSingleton<HubBroadcaster>();
        services.AddHostedService(provider => provider.GetRequiredService<HubBroadcaster>());
        return services;
    }

    /// <summary>Puts a <see cref="FrameLane"/> below the WebSockets of the hub. Belongs behind the door.</summary>
    public static void UsePortalLive(this WebApplication app) => app.Use(next => context =>
    {
        if (context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            context.Features.Set<IHttpUpgradeFeature>(new FrameLane.Upgrade(upgrade, context.Features));
        }

        return next(context);
    });

    /// <summary>Maps the hub and the stream.</summary>
    public static void MapPortalLive(this WebApplication app)
    {
        app.MapHub<PerformanceHub>(Path).RequireScope(Scope.Read);
        app.MapPortalStream();
    }
}
