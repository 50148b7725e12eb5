using Microsoft.AspNetCore.Authentication.Cookies;

namespace PerfPortal.Server.Security;

/// <summary>The sign-in session: an encrypted cookie that expires after twelve hours of inactivity or when its key is no longer valid.</summary>
internal static class Session
{
    public const string Scheme = "PerfPortal.Session";

    /// <summary>The name of the cookie.</summary>
    public const string CookieName = "perfportal_session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        // With Strict, following a link from a chat would require another sign-in. The origin check rejects cross-site unsafe requests.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = SignIn.Path;
        options.ReturnUrlParameter = SignIn.ReturnUrl;
        options.Events.OnValidatePrincipal = async context =>
        {
            var keys = context.HttpContext.RequestServices.GetRequiredService<AccessKeys>();
            string? stamp = AccessGrant.StampOf(context.Principal);
            if (stamp is null || !await keys.IsCurrentAsync(stamp, context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
            }
        };
    }
}
