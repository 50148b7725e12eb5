using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Pages;

/// <summary>Who looks at a page, asked anew before every action: within a circuit no request passes the door.</summary>
/// <param name="Name">Their name, as it is written beside what they decide.</param>
/// <param name="MayDecide">Whether they may run the analysis and decide on recommendations: scope report or admin.</param>
/// <param name="IsAdmin">Whether they may change settings: scope admin.</param>
internal sealed record Caller(string Name, bool MayDecide, bool IsAdmin)
{
    private const string Nameless = "local";

    /// <summary>Nobody, before it is known who looks.</summary>
    public static Caller Unknown { get; } = new(Nameless, false, false);

    /// <summary>Asks who looks.</summary>
    public static async Task<Caller> OfAsync(AuthenticationStateProvider provider)
    {
        var user = (await provider.GetAuthenticationStateAsync()).User;
        bool isAdmin = user.HasScope(Scope.Admin);
        return new(user.Identity?.Name is { Length: > 0 } name ? name : Nameless, isAdmin || user.HasScope(Scope.Report), isAdmin);
    }
}
