using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;

namespace PerfPortal.Tests.Pages;

/// <summary>Pages over a real portal, opened by a person with scopes.</summary>
internal static class SignedInPages
{
    /// <summary>The name of the person.</summary>
    public const string Person = "ada";

    /// <summary>A browser at an address of the portal, of a person with these scopes, with the dialogs and snackbars of the layout.</summary>
    public static PortalContext BrowseAs(this PortalFactory portal, string uri, params Scope[] scopes)
    {
        var identity = new ClaimsIdentity(scopes.Select(scope => new Claim(Scopes.ClaimType, scope.WireName())).Append(new(ClaimTypes.Name, Person)), "test");
        var context = new PortalContext(uri, services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<AuthenticationStateProvider>(new Fixed(new(identity)));
            ((Bunit.BunitServiceProvider)services).AddFallbackServiceProvider(new PortalServices(portal.Services));
        });
        _ = context.State;
        return context;
    }

    /// <summary>What the pages take from the portal; the browser's services are those of the test.</summary>
    private sealed class PortalServices(IServiceProvider portal) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType.Namespace?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) == true ? null : portal.GetService(serviceType);
    }

    private sealed class Fixed(ClaimsPrincipal user) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(user));
    }
}
