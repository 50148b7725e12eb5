using Microsoft.AspNetCore.Authentication.Cookies;

namespace PerfPortal.Server.Security;

/// <summary>
/// The sign-in session: an encrypted cookie with the id of a session that the portal knows. It ends after twelve hours of inactivity, by signing out, or when its key is
/// no longer valid.
/// </summary>
internal static class Session
{
    public const string Scheme = "PerfPortal.Session";

    /// <summary>The name of the cookie.</summary>
    public const string CookieName = "perfportal_session";
    /// <summary>How long a session lasts without a request.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromHours(12);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        // With Strict, following a link from a chat would require another sign-in. The origin check rejects cross-site unsafe requests.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = IdleTime;
        options.SlidingExpiration = true;
        options.LoginPath = SignIn.Path;
        options.ReturnUrlParameter = SignIn.ReturnUrl;
        options.Events.OnValidatePrincipal = async context =>
        {
            var services = context.HttpContext.RequestServices;
            var keys = services.GetRequiredService<AccessKeys>();
            string? stamp = AccessGrant.StampOf(context.Principal);
            if (stamp is null || !services.GetRequiredService<SessionRegistry>().Use(AccessGrant.SessionOf(context.Principal)) || !await keys.IsCurrentAsync(stamp, context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
            }
        };
    }
}
