using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Pages;

/// <summary>The user of a page. Read again before every action, because actions within a circuit do not pass the request authorization.</summary>
/// <param name="Name">The name recorded with the user's decisions.</param>
/// <param name="CanDecide">Whether the user can run the analysis and decide on recommendations (scope report or admin).</param>
/// <param name="IsAdmin">Whether the user can change settings (scope admin).</param>
internal sealed record CurrentUser(string Name, bool CanDecide, bool IsAdmin)
{
    private const string DefaultName = "local";

    /// <summary>The caller before authentication is known: no rights.</summary>
    public static CurrentUser Unknown { get; } = new(DefaultName, false, false);

    /// <summary>Returns the current user.</summary>
    public static async Task<CurrentUser> OfAsync(AuthenticationStateProvider provider)
    {
        var user = (await provider.GetAuthenticationStateAsync()).User;
        bool isAdmin = user.HasScope(Scope.Admin);
        return new(user.Identity?.Name is { Length: > 0 } name ? name : DefaultName, isAdmin || user.HasScope(Scope.Report), isAdmin);
    }
}
