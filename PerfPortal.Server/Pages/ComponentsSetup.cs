using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages;

/// <summary>What the browser interface needs of the server.</summary>
public static class ComponentsSetup
{
    /// <summary>
    /// Adds the pages and their services. <see cref="ISourceList"/> and <see cref="RangeReader"/> are added only where
    /// the caller has not put its own in before.
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
