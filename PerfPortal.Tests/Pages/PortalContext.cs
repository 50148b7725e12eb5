using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;

namespace PerfPortal.Tests.Pages;

/// <summary>A browser that answers every call with nothing, at a fixed moment.</summary>
internal sealed class PortalContext : BunitContext
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    // MudBlazor's debounce runs on the real clock, and a loaded machine renders late.
    static PortalContext() => DefaultWaitTimeout = TimeSpan.FromSeconds(15);

    public PortalContext(string uri = "/", Action<IServiceCollection>? add = null)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSingleton<IPortalNames>(new FixedSources("alpha", "beta"));
        Services.AddScoped<Preferences>();
        Services.AddScoped<BrowserClock>();
        Services.AddScoped<PortalState>();
        Services.AddScoped<UrlState>();
        Services.AddScoped<LayoutDialogs>();
        Services.AddScoped<AlertBadge>();
        Services.AddScoped<PageConnection>();
        Services.AddSingleton<ShownPages>();
        Services.AddSingleton<AuthenticationStateProvider, Nobody>();
        add?.Invoke(Services);
        Navigation.NavigateTo(uri);
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", isInteractive: true));
    }

    public FakeTimeProvider Time { get; } = new(Noon);

    public BunitNavigationManager Navigation => (BunitNavigationManager)Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>();

    public PortalState State
    {
        get
        {
            var state = Services.GetRequiredService<PortalState>();
            state.Start(null);
            return state;
        }
    }

    public BrowserClock Clock => Services.GetRequiredService<BrowserClock>();

    public string PathAndQuery => new Uri(Navigation.Uri).PathAndQuery;

    /// <summary>Some services can be disposed of asynchronously only.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsyncCore().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    /// <summary>A person without scopes.</summary>
    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new()));
    }

    private sealed class FixedSources(params string[] names) : IPortalNames
    {
        private static readonly string[] KnownNames = ["alpha-7b", "beta-7b"];

        public IReadOnlyList<string> Sources() => names;

        public IReadOnlyList<string> Names(string text, int max) => [.. KnownNames.Where(name => name.Contains(text, StringComparison.OrdinalIgnoreCase)).Take(max)];
    }
}
