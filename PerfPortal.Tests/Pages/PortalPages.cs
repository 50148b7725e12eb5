using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Tests.Api;

namespace PerfPortal.Tests.Pages;

/// <summary>Pages over a real portal, with its clock.</summary>
internal static class PortalPages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A browser at an address of the portal.</summary>
    public static PortalContext Browse(this PortalFactory portal, string uri)
    {
        var context = new PortalContext(uri, services =>
        {
            services.AddSingleton(TimeProvider.System);
            ((BunitServiceProvider)services).AddFallbackServiceProvider(new PortalServices(portal.Services));
        });
        _ = context.State;
        return context;
    }

    /// <summary>Waits until a page shows a text.</summary>
    public static void WaitForText<T>(this IRenderedComponent<T> page, string text)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        page.WaitForState(() => page.Markup.Contains(text, StringComparison.Ordinal), Patience);

    /// <summary>What the pages take from the portal; the browser's services are those of the test.</summary>
    private sealed class PortalServices(IServiceProvider portal) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType.Namespace?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) == true ? null : portal.GetService(serviceType);
    }
}
