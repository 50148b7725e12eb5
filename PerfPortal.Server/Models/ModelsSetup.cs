using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Hub;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Repair;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Models;

/// <summary>Registers the components that look after the models of this host.</summary>
internal static class ModelsSetup
{
    private const long BytesPerMegabyte = 1024 * 1024;

    /// <summary>Adds the services; all of them are singletons.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The settings.</param>
    /// <param name="host">The source under which this host reports.</param>
    public static IServiceCollection AddPortalModels(this IServiceCollection services, PortalOptions options, string host) => services
        .AddSingleton(new ModelPlaces(options.Models, options.DataDirectory))
        .AddSingleton(provider => CreateRules(options.Models, provider.GetRequiredService<AccessPolicy>()))
        .AddSingleton(provider => CreateOptions(options.Models, host, provider))
        .AddSingleton(provider => new ModelDownloader(
            provider.GetRequiredService<DownloaderOptions>(), provider.GetRequiredService<PerformanceTracker>(), provider.GetRequiredService<IAdviser>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ModelDownloader>>()))
        .AddSingleton(provider => new HuggingFaceLayout(options.Models.HubUrl, provider.GetRequiredService<DownloaderOptions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new ModelDownloads(provider.GetRequiredService<ModelDownloader>(), provider.GetRequiredService<HuggingFaceLayout>(), options.Models.HubToken))
        .AddSingleton(provider => CreateMonitor(options.Models, host, provider))
        .AddSingleton<ModelChecks>()
        .AddSingleton(provider => new ModelRepairer(provider.GetRequiredService<ModelDownloader>(), options.Models.HubUrl))
        .AddSingleton<ModelRepairs>()
        .AddSingleton(new DownloadedModels(host))
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<DownloadedModels>())
        .AddSingleton(new ModelUseListener(host))
        .AddSingleton<ICommitListener>(provider => provider.GetRequiredService<ModelUseListener>());

    private static SourceRules CreateRules(ModelOptions models, AccessPolicy access) => new(() => models.AllowPrivateSources ?? (access.Mode == AccessMode.Local));

    private static DownloaderOptions CreateOptions(ModelOptions models, string host, IServiceProvider provider)
    {
        var rules = provider.GetRequiredService<SourceRules>();
        return new()
        {
            StateDirectory = provider.GetRequiredService<ModelPlaces>().CreateState(),
            Source = host,
            MaxBytesPerSecond = models.MaxDownloadMbPerSecond == 0 ? null : models.MaxDownloadMbPerSecond * BytesPerMegabyte,
            AllowAddress = rules.Allows,
            AllowAddressHint = SourceRules.Hint,
            Authorize = url => models.HubToken is { } token && IsOnHub(url, models.HubUrl) ? "Bearer " + token : null,
            ResumeInterrupted = true,
            WriteManifest = true,
        };
    }

    private static bool IsOnHub(Uri url, Uri hub) => url.Scheme == hub.Scheme && url.Port == hub.Port && string.Equals(url.IdnHost, hub.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static ModelHealthMonitor CreateMonitor(ModelOptions models, string host, IServiceProvider provider)
    {
        var places = provider.GetRequiredService<ModelPlaces>();
        var sampler = provider.GetRequiredService<ResourceSampler>();
        return new(
            new()
            {
                Directories = places.All,
                StateDirectory = places.CreateState(),
                Source = host,
                MaxReadRate = models.MaxCheckMbPerSecond == 0 ? null : models.MaxCheckMbPerSecond * BytesPerMegabyte,
            },
            provider.GetRequiredService<PerformanceTracker>(),
            provider.GetRequiredService<IAdviser>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ModelHealthMonitor>>(), () => sampler.Latest);
    }
}
