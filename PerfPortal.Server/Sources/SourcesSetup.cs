using PerfPortal.Server.Sources.Demonstration;

namespace PerfPortal.Server.Sources;

/// <summary>Registers what lists and removes sources, and the demonstration data.</summary>
internal static class SourcesSetup
{
    /// <summary>Adds the services; all of them are thread-safe singletons.</summary>
    public static IServiceCollection AddPortalSources(this IServiceCollection services) => services
        .AddSingleton<SourceRemover>()
        .AddSingleton<SourceListReader>()
        .AddSingleton<DemonstrationData>();
}
