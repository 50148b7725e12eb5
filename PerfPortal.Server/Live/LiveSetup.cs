using MessagePack.Resolvers;
using Microsoft.AspNetCore.SignalR;
using PerfPortal.Server.Security;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>The services and routes of the hub and of the event stream.</summary>
internal static class LiveSetup
{
    /// <summary>The path of the hub.</summary>
    public const string Path = "/hubs/performance";

    /// <summary>Registers the hub.</summary>
    public static IServiceCollection AddPortalLive(this IServiceCollection services)
    {
        services.AddSignalR(options =>
            {
                options.MaximumReceiveMessageSize = 32 * 1024;
                options.EnableDetailedErrors = false;
            })
            .AddHubOptions<PerformanceHub>(hub => hub.AddFilter<HubFaults>())
            .AddJsonProtocol(json => WireJson.Configure(json.PayloadSerializerOptions))
            .AddMessagePackProtocol(packed => packed.SerializerOptions = packed.SerializerOptions.WithResolver(
                CompositeResolver.Create([new JsonElementFormatter()], [packed.SerializerOptions.Resolver])));
        services.AddSingleton<HubFaults>();
        services.AddLogging(logging => logging.AddFilter(HubFaults.ReplacedCategory, LogLevel.Critical));
        services.AddSingleton<HubConnections>();
        services.AddSingleton<HubLifetimeManager<PerformanceHub>>(provider => provider.GetRequiredService<HubConnections>());
        services.AddSingleton<HubSubscriptions>();
        services.AddSingleton<HubMessageWriter>();
        services.AddHostedService<HubBroadcaster>();
        return services;
    }

    /// <summary>Maps the hub and the stream.</summary>
    public static void MapPortalLive(this WebApplication app)
    {
        app.MapHub<PerformanceHub>(Path).RequireScope(Scope.Read);
        app.MapPortalStream();
    }
}
