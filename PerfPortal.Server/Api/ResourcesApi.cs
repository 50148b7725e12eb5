using System.Text.Json.Nodes;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read host resources.</summary>
internal static class ResourcesApi
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <summary>Maps the routes.</summary>
    public static void MapResourcesApi(this RouteGroupBuilder group)
    {
        group.MapGet("/resources/current", CurrentAsync).Produces<ItemsBody<object>>().WithSummary("Get the newest sample of each host");
        group.MapGet("/resources/history", HistoryAsync).Produces<ResourceHistoryBody>().WithSummary("Get the down-sampled history of a host")
            .WithDescription("Returns at most points (1–5000, default 300) steps, each with min, time-weighted mean and max; null for steps without samples. source defaults to the portal's host.");
    }

    private static async Task<IResult> CurrentAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string? source = query.Text("source") is { } named ? HostSource.Of(named) : null;
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var samples = await history.ReadLatestAsync(source, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<JsonObject>([.. samples.Select(sample => SampleBody.Of(sample, query.Now))]));
    }

    private static async Task<IResult> HistoryAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(DefaultWindow);
        int points = query.Whole("points", 300, 1, ResourceHistory.MaximumPoints);
        string source = HostSource.Of(query.Text("source"));
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var answer = await history.ReadAsync(source, range, points, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ResourceHistoryBody(
            source, RangeBody.Of(answer.Range), answer.StepSeconds, answer.Times,
            answer.Series.ToDictionary(
                series => series.Key.Info().WireName,
                series => new SeriesBody(
                    series.Key.Info().Unit,
                    [.. series.Value.Select(point => point?.Min)],
                    [.. series.Value.Select(point => point?.Mean)],
                    [.. series.Value.Select(point => point?.Max)]))));
    }
}
