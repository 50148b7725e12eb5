using System.Text.Json.Nodes;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read host resources.</summary>
internal static class ResourcesApi
{
    private static readonly WholeParameter Points = new("points", 1, ResourceHistory.MaximumPoints, 300)
    {
        Description = "The maximum number of steps that the range is divided into.",
        Example = "300",
    };

    private static readonly TextParameter Host = new("source", OperationLimits.SourceCharacters)
    {
        Description = "The host; the portal's own host when missing.",
        Example = "gpu-1",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapResourcesApi(this RouteGroupBuilder group)
    {
        group.MapGet("/resources/current", CurrentAsync).WithName("ListCurrentResources").WithParameters(CommonParameters.Source).Produces<ItemsBody<SampleMembers>>()
            .WithSummary("Get the newest sample of each host").WithDescription("A value that was not measured is null, never 0; sensors gives the reason. next_cursor is always null.");
        group.MapGet("/resources/history", HistoryAsync).WithName("GetResourceHistory").Heavy(HeavyRead.Search).WithParameters(RangeParameters.Day, Points, Host).Produces<ResourceHistoryBody>()
            .WithSummary("Get the down-sampled history of a host").WithDescription("Each step has a minimum, a time-weighted mean and a maximum; null for steps without samples. Steps between two samples of a host that reports less often than once per step have the value of the later sample.");
    }

    private static async Task<IResult> CurrentAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? source = query.Read(CommonParameters.Source) is { } named ? HostSource.Of(named) : null;
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var samples = await history.ReadLatestAsync(source, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<JsonObject>([.. samples.Select(sample => SampleBody.Of(sample, query.Now))]));
    }

    private static async Task<IResult> HistoryAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        int points = query.Read(Points);
        string source = HostSource.Of(query.Read(Host));
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
