using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages;

/// <summary>Registers the services of the browser UI.</summary>
public static class ComponentsSetup
{
    /// <summary>
    /// Adds the pages and their services. <see cref="ISourceList"/> and <see cref="RangeReader"/> are added only if
    /// not already registered.
    /// </summary>
    public static IServiceCollection AddPortalComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RangeReader>(RangeReading.Read);
        services.TryAddSingleton<ISourceList, NoSources>();
        services.TryAddScoped<Preferences>();
        services.TryAddScoped<BrowserClock>();
        services.TryAddScoped<PortalState>();
        services.TryAddScoped<UrlState>();
        return services;
    }
}
