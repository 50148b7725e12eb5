using Microsoft.Net.Http.Headers;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint of the dashboard.</summary>
internal static class DashboardApi
{
    /// <summary>Maps the route.</summary>
    public static void MapDashboardApi(this RouteGroupBuilder group) => group.MapGet("/dashboard", GetAsync)
        .Produces<DashboardBody>().Produces(StatusCodes.Status304NotModified)
        .WithSummary("Get the dashboard").WithDescription("Returns an ETag and supports If-None-Match (304). source limits the dashboard to one source.");

    private static async Task<IResult> GetAsync(HttpContext context, DashboardCache dashboards, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string? source = query.Text("source");
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var (json, tag) = await dashboards.GetAsync(source, cancellationToken).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue(tag));
    }
}
