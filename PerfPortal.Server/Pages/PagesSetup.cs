using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using MudBlazor.Services;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Models;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages;

/// <summary>Connects the pages to the portal's services.</summary>
internal static class PagesSetup
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Registers the pages with the portal's sources and ranges.</summary>
    public static IServiceCollection AddPortalPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddHttpContextAccessor();
        return services
            .AddSingleton<IPortalNames, StoredNames>()
            .AddSingleton<Insights.RecommendationDecider>()
            .AddSingleton<Alerts.AlertDecider>()
            .AddSingleton<Alerts.LabelReader>()
            .AddSingleton<Models.ModelDecider>()
            .AddScoped<Preferences>()
            .AddScoped<BrowserClock>()
            .AddScoped<PortalState>()
            .AddScoped<LayoutDialogs>()
            .AddScoped<AlertBadge>()
            .AddScoped<UrlState>()
            .AddSingleton<ShownPages>()
            .AddScoped<PageConnection>()
            .AddScoped<CircuitHandler>(services => services.GetRequiredService<PageConnection>());
    }

    /// <summary>Maps static files, the pages and their SignalR circuit.</summary>
    public static void MapPortalPages(this WebApplication app)
    {
        app.Use(AnswerWhenNotReadyAsync);
        app.UseAntiforgery();
        app.MapStaticAssets().RequireScope(Scope.Read);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireScope(Scope.Read);
    }

    /// <summary>Pages read the database while they are rendered: until it is open, they state the reason.</summary>
    private static Task AnswerWhenNotReadyAsync(HttpContext context, RequestDelegate next)
    {
        var readiness = context.RequestServices.GetRequiredService<PortalReadiness>();
        return readiness.IsReady || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null
            ? next(context)
            : Problems.Unavailable(readiness.Reason ?? "The portal is starting.", RetryAfter).ExecuteAsync(context);
    }

    private sealed class StoredNames(IOperationReader reader, NameDirectory directory, AdviceHistory history, ModelHealthMonitor monitor, ModelDownloads downloads) : IPortalNames
    {
        public bool IsPortals(MetricType type, string source, string name) => source == HostSource.Name && type switch
        {
            MetricType.HealthCheck => monitor.Find(name) is not null,
            MetricType.DownloadOperation => downloads.List().Any(download => download.Name == name),
            _ => false,
        };

        public bool IsNew()
        {
            if (!Sources().All(source => source == HostSource.Name) || history.Fallbacks(HostSource.Name, max: 1).Count > 0)
            {
                return false;
            }

            var models = monitor.Models.Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
            var loaded = downloads.List().Select(download => download.Name).ToHashSet(StringComparer.Ordinal);
            return history.Checks(HostSource.Name).All(check => models.Contains(check.Key.Name)) && history.Downloads(HostSource.Name).All(download => loaded.Contains(download.Key.Name));
        }

        public IReadOnlyList<string> Sources() => reader.ReadSources();

        public IReadOnlyList<string> Names(string text, int max) =>
            [.. directory.Names.All.Where(name => name.Contains(text, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase).Take(max)];
    }
}
