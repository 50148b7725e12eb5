using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Security;

/// <summary>
/// Authenticates and authorizes every request and sets <see cref="HttpContext.User"/>. Runs after routing because it reads endpoint metadata.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, AccessPolicy policy, LocalAccess door, AccessKeys keys, AttemptLimiter limiter, SessionRegistry sessions)
{
    /// <summary>The authentication type of callers with an API key; the identity name is the name of the key.</summary>
    public const string KeyAuthentication = "ApiKey";

    // Shared by all local requests; never modified.
    private static readonly ClaimsPrincipal LocalUser = new AccessGrant("local", Scopes.All, "local").ToPrincipal("Loopback");

    public Task InvokeAsync(HttpContext context)
    {
        switch (policy.Mode)
        {
            case AccessMode.Local:
                if (door.RejectionReason(context) is { } objection)
                {
                    return AccessProblem.WriteAsync(context, StatusCodes.Status403Forbidden, objection);
                }

                context.User = LocalUser;
                return next(context);
            case AccessMode.Team:
                return InvokeTeamAsync(context);
            case AccessMode.Undecided when context.GetEndpoint()?.Metadata.GetMetadata<HealthProbeAttribute>() is not null:
                return next(context);
            default:
                context.Response.Headers.RetryAfter = "1";
                return AccessProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The portal is starting.");
        }
    }

    private async Task InvokeTeamAsync(HttpContext context)
    {
        if (RequestOrigin.IsUnsafe(context.Request) && RequestOrigin.IsCrossOrigin(context.Request, behindProxy: true))
        {
            await AccessProblem.WriteAsync(context, StatusCodes.Status403Forbidden, "Cross-origin requests are not allowed.");
            return;
        }

        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<AnonymousAccessAttribute>() is not null)
        {
            await next(context);
            return;
        }

        ClaimsPrincipal? caller;
        if (PresentedKey(context.Request) is { } key)
        {
            caller = (await keys.FindAsync(key, context.RequestAborted))?.ToPrincipal(KeyAuthentication);
            if (caller is null && limiter.CountFailure(context.Connection.RemoteIpAddress) is { } wait)
            {
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                await AccessProblem.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests with an invalid key from this address.");
                return;
            }
        }
        else
        {
            caller = (await context.AuthenticateAsync(Session.Scheme)).Principal;
        }

        if (caller is null)
        {
            await ChallengeAsync(context);
        }
        else if (MissingScope(endpoint, caller) is { } missing)
        {
            await AccessProblem.WriteAsync(context, StatusCodes.Status403Forbidden, missing);
        }
        else if (AccessGrant.SessionOf(caller) is not { } session)
        {
            context.User = caller;
            await next(context);
        }
        else if (sessions.Attach(session, context.Abort) is { } connection)
        {
            // The connections of circuits, hubs and streams last longer than a request, but not longer than their session.
            using (connection)
            {
                context.User = caller;
                await next(context);
            }
        }
        else
        {
            await ChallengeAsync(context);
        }
    }

    /// <summary>A key in the request takes precedence over a session: a request with an invalid key is rejected even during a valid session.</summary>
    private static string? PresentedKey(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string? authorization = request.Headers.Authorization;
        if (authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true)
        {
            return authorization[scheme.Length..].Trim();
        }

        string? key = request.Headers["X-Api-Key"];
        return key?.Trim();
    }

    private static string? MissingScope(Endpoint? endpoint, ClaimsPrincipal caller)
    {
        if (endpoint is null)
        {
            return null;
        }

        var required = endpoint.Metadata.GetOrderedMetadata<RequireScopeAttribute>();
        if (required.Count == 0)
        {
            return "Access is denied: this endpoint does not define a scope.";
        }

        foreach (var requirement in required)
        {
            if (!requirement.AnyOf.Any(caller.HasScope))
            {
                return $"This request requires the scope {requirement.Words}.";
            }
        }

        return null;
    }

    private static Task ChallengeAsync(HttpContext context)
    {
        if (ProblemPage.IsWanted(context.Request))
        {
            context.Response.Headers.CacheControl = "no-store";
            if (context.GetEndpoint() is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "text/html; charset=utf-8";
                return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(PlainPage.NotFound(context.Request.PathBase), context.RequestAborted);
            }

            string target = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            context.Response.Redirect(context.Request.PathBase + SignIn.Path + QueryString.Create(SignIn.ReturnUrl, target));
            return Task.CompletedTask;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"perfportal\"";
        return AccessProblem.WriteAsync(context, StatusCodes.Status401Unauthorized,
            "Sign in, or send an access key in the Authorization: Bearer or the X-Api-Key header.");
    }
}
