using System.Buffers;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>
/// The short way of <c>GET /dashboard</c>, which is asked for again and again: on a portal that is bound to loopback, a plain request for a
/// dashboard that need not be computed is answered with the ready bytes before routing. It is let in by the same <see cref="LocalAccess"/>;
/// whatever is not plain - a query, another method, a precondition, a key, an objection - goes the long way and gets its answer there.
/// </summary>
internal sealed class DashboardLane(RequestDelegate next, AccessPolicy policy, LocalAccess door, PortalReadiness readiness, DashboardCache dashboards)
{
    private const string Path = ApiRoutes.Root + "/dashboard";

    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context) =>
        Path.Equals(context.Request.Path.Value, StringComparison.Ordinal)
        && IsPlain(context.Request)
        && policy.Mode == AccessMode.Local
        && readiness.IsReady
        && door.Objection(context) is null
        && dashboards.Fresh is { } dashboard
            ? WriteAsync(context, dashboard)
            : next(context);

    private static bool IsPlain(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue && request.Headers.IfMatch.Count == 0 && request.Headers.IfNoneMatch.Count <= 1;

    private static Task WriteAsync(HttpContext context, DashboardBytes dashboard)
    {
        var response = context.Response;
        var headers = response.Headers;
        SecurityHeaders.Set(headers, SecurityHeaders.Policy);
        headers.CacheControl = DashboardApi.CacheControl;
        headers.ETag = dashboard.ETag;
        if (context.Request.Headers.IfNoneMatch is [{ } known] && Names(known, dashboard.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = DashboardApi.ContentType;
        headers.ContentLength = dashboard.Json.Length;
        response.BodyWriter.Write(dashboard.Json);
        return Task.CompletedTask;
    }

    /// <summary>Weak comparison (RFC 9110, 13.1.2): <c>*</c> and every member of the list count.</summary>
    private static bool Names(string known, string tag)
    {
        if (known.Equals(tag, StringComparison.Ordinal) || known.AsSpan().Trim() is "*")
        {
            return true;
        }

        foreach (var range in known.AsSpan().Split(','))
        {
            var one = known.AsSpan(range).Trim();
            if ((one.StartsWith("W/", StringComparison.Ordinal) ? one[2..] : one).Equals(tag, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
