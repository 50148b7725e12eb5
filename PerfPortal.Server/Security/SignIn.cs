using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace PerfPortal.Server.Security;

/// <summary>Sign-in and sign-out as plain pages: a Blazor circuit cannot set a cookie.</summary>
public static class SignIn
{
    internal const string Path = "/sign-in";
    internal const string OutPath = "/sign-out";
    internal const string ReturnUrl = "return_url";
    internal const string KeyField = "key";
    private const int LargestForm = 16 * 1024;

    /// <summary>Maps GET and POST <c>/sign-in</c> and POST <c>/sign-out</c>.</summary>
    public static IEndpointRouteBuilder MapPortalSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, ShowAsync).AllowAnonymousAccess().ExcludeFromDescription();
        endpoints.MapPost(Path, OpenAsync).AllowAnonymousAccess().ExcludeFromDescription();
        endpoints.MapPost(OutPath, CloseAsync).AllowAnonymousAccess().ExcludeFromDescription();
        return endpoints;
    }

    /// <summary>
    /// Returns the redirect target after sign-in: a local URL, otherwise the start page. URLs that are not percent-encoded are rejected because they are
    /// not valid in a header.
    /// </summary>
    internal static string LocalTarget(string? url, PathString pathBase = default)
    {
        string start = pathBase + "/";
        if (string.IsNullOrEmpty(url) || url[0] != '/' || url.Length > 4096 || url.Any(c => c is <= ' ' or >= '\x7f'))
        {
            return start;
        }

        if (url.Length > 1 && url[1] is '/' or '\\')
        {
            return start;
        }

        return !url.StartsWith(start, StringComparison.Ordinal) || url.StartsWith(pathBase + Path, StringComparison.OrdinalIgnoreCase) ? start : url;
    }

    private static async Task<IResult> ShowAsync(HttpContext context, AccessPolicy policy, IAntiforgery antiforgery)
    {
        string target = LocalTarget(context.Request.Query[ReturnUrl], context.Request.PathBase);
        if (policy.Mode != AccessMode.Team || (await context.AuthenticateAsync(Session.Scheme)).Succeeded)
        {
            return Results.LocalRedirect(target);
        }

        return Form(context, antiforgery, target, null, StatusCodes.Status200OK);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext context, AccessPolicy policy, AccessKeys keys, AttemptLimiter limiter, SessionRegistry sessions, IAntiforgery antiforgery)
    {
        if (policy.Mode != AccessMode.Team)
        {
            return Results.LocalRedirect(LocalTarget(null, context.Request.PathBase));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestForm;
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
            await antiforgery.ValidateRequestAsync(context);
        }
        catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or BadHttpRequestException or NotSupportedException or AntiforgeryValidationException)
        {
            return Form(context, antiforgery, LocalTarget(null, context.Request.PathBase), "The sign-in form has expired. Try again.", StatusCodes.Status400BadRequest);
        }

        string target = LocalTarget(form[ReturnUrl], context.Request.PathBase);
        var grant = await keys.FindAsync(form[KeyField].ToString().Trim(), context.RequestAborted);
        if (grant is null)
        {
            if (limiter.CountFailure(context.Connection.RemoteIpAddress) is not { } wait)
            {
                return Form(context, antiforgery, target, "The access key is not valid.", StatusCodes.Status401Unauthorized);
            }

            string seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = seconds;
            return Form(context, antiforgery, target, $"Too many failed attempts. Try again in {seconds} s.", StatusCodes.Status429TooManyRequests);
        }

        await context.SignInAsync(Session.Scheme, grant.ToPrincipal(Session.Scheme, sessions.Open()));
        return SeeOther(context, target);
    }

    /// <summary>Needs no antiforgery token: the access check has verified the origin of the request, and a forged sign-out causes no harm.</summary>
    private static async Task<IResult> CloseAsync(HttpContext context, AccessPolicy policy, SessionRegistry sessions)
    {
        if (policy.Mode != AccessMode.Team)
        {
            return SeeOther(context, context.Request.PathBase + "/");
        }

        sessions.Close(AccessGrant.SessionOf((await context.AuthenticateAsync(Session.Scheme)).Principal));
        await context.SignOutAsync(Session.Scheme);
        return SeeOther(context, context.Request.PathBase + Path);
    }

    private static IResult Form(HttpContext context, IAntiforgery antiforgery, string target, string? message, int status)
    {
        // This also prevents the response from being stored.
        var token = antiforgery.GetAndStoreTokens(context);
        return Results.Text(SignInPage.Write(context.Request.PathBase, target, token, message), "text/html; charset=utf-8", statusCode: status);
    }

    private static IResult SeeOther(HttpContext context, string target)
    {
        context.Response.Headers.Location = target;
        context.Response.Headers.CacheControl = "no-store";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
