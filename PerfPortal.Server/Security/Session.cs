using Microsoft.AspNetCore.Authentication.Cookies;

namespace PerfPortal.Server.Security;

/// <summary>The session that a sign-in opens: an encrypted cookie that lasts twelve hours of inactivity and no longer than its key.</summary>
internal static class Session
{
    public const string Scheme = "PerfPortal.Session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "perfportal_session";
        options.Cookie.HttpOnly = true;
        // Strict would ask whoever follows a link out of a chat to sign in again; unsafe requests are held by the check of their origin.
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
