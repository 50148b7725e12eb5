using MudBlazor.Services;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Pages;

/// <summary>Connects the pages to the portal's services.</summary>
internal static class PagesSetup
{
    /// <summary>Registers the pages with the portal's sources and ranges.</summary>
    public static IServiceCollection AddPortalPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddHttpContextAccessor();
        return services
            .AddSingleton<ISourceList, StoredSources>()
            .AddScoped<Preferences>()
            .AddScoped<BrowserClock>()
            .AddScoped<PortalState>()
            .AddScoped<LayoutDialogs>()
            .AddScoped<UrlState>();
    }

    /// <summary>Maps static files, the pages and their SignalR circuit.</summary>
    public static void MapPortalPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().RequireScope(Scope.Read);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireScope(Scope.Read);
    }

    private sealed class StoredSources(IOperationReader reader) : ISourceList
    {
        public IReadOnlyList<string> List() => reader.ReadSources();
    }
}
