using Microsoft.Net.Http.Headers;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint of the dashboard.</summary>
internal static class DashboardApi
{
    /// <summary>Maps the route.</summary>
    public static void MapDashboardApi(this RouteGroupBuilder group) => group.MapGet("/dashboard", GetAsync)
        .WithName("GetDashboard").WithParameters(CommonParameters.Source, HeaderParameter.IfNoneMatch)
        .Produces<DashboardBody>().Produces(StatusCodes.Status304NotModified).WithResponseHeader("ETag", "Identifies the content; send it as If-None-Match.")
        .WithSummary("Get the dashboard").WithDescription("The figures of the last 24 hours, the newest sample of the host and the findings. A change shows within a second.");

    private static async Task<IResult> GetAsync(HttpContext context, DashboardCache dashboards, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? source = query.Read(CommonParameters.Source);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var (json, tag) = await dashboards.GetAsync(source, cancellationToken).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue(tag));
    }
}
