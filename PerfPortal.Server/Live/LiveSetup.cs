namespace PerfPortal.Server.Live;

/// <summary>The hub: what it needs and where it lies.</summary>
internal static class LiveSetup
{
    /// <summary>Registers the hub.</summary>
    public static IServiceCollection AddPortalLive(this IServiceCollection services)
    {
        services.AddSignalR();
        return services;
    }

    /// <summary>Maps the hub.</summary>
    public static void MapPortalLive(this WebApplication app)
    {
    }
}
