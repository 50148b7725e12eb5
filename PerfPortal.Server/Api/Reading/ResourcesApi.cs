using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Api.Wire;
using PerfPortal.Server.Hosting;

namespace PerfPortal.Server.Api.Reading;

/// <summary>Reading resources: the newest samples, and history.</summary>
internal static class ResourcesApi
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <summary>Maps the routes.</summary>
    public static void MapResourcesApi(this RouteGroupBuilder group)
    {
        group.MapGet("/resources/current", CurrentAsync).Produces<ItemsBody<object>>().WithSummary("The newest sample of each host");
        group.MapGet("/resources/history", HistoryAsync).Produces<ResourceHistoryBody>().WithSummary("The history of a host, down-sampled")
            .WithDescription("At most points (1–5000, default 300) steps, each with min, mean (weighted by time) and max; null where nothing was measured. source defaults to the portal's host.");
    }

    private static async Task<IResult> CurrentAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string? source = query.Text("source");
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var samples = await history.ReadLatestAsync(source, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<JsonObject>([.. samples.Select(sample => ToBody(sample, query.Now))]));
    }

    private static async Task<IResult> HistoryAsync(HttpContext context, ResourceHistory history, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(DefaultWindow);
        int points = query.Whole("points", 300, 1, ResourceHistory.MaximumPoints);
        string source = query.Text("source") ?? HostSource.Name;
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

    /// <summary>A sample as it goes over the wire: every metric by its name, null when it was not measured.</summary>
    public static JsonObject ToBody(ResourceSample sample, DateTimeOffset now)
    {
        var body = new JsonObject
        {
            ["source"] = sample.Source,
            ["sampled_at"] = WireJson.Text(sample.SampledAt),
            ["age_seconds"] = Math.Max(0, Math.Round((now - sample.SampledAt).TotalSeconds, 3)),
        };
        foreach (var info in ResourceMetrics.All)
        {
            body[info.WireName] = sample[info.Metric] is { } value ? JsonValue.Create(value) : null;
        }

        body["cpu_cores"] = JsonSerializer.SerializeToNode(sample.CpuCores, WireJson.Options);
        body["disks"] = JsonSerializer.SerializeToNode(sample.Disks, WireJson.Options);
        body["networks"] = JsonSerializer.SerializeToNode(sample.Networks, WireJson.Options);
        body["gpus"] = JsonSerializer.SerializeToNode(sample.Gpus, WireJson.Options);
        body["sensors"] = new JsonObject(sample.Sensors.Select(sensor => KeyValuePair.Create(
            sensor.Key, (JsonNode?)new JsonObject { ["state"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(sensor.Value.State.ToString()), ["reason"] = sensor.Value.Reason })));
        return body;
    }
}

/// <summary>A host's history.</summary>
/// <param name="Source">The host.</param>
/// <param name="Range">The range that the steps cover.</param>
/// <param name="StepSeconds">The length of a step.</param>
/// <param name="Times">When each step begins.</param>
/// <param name="Series">Each metric that was measured.</param>
internal sealed record ResourceHistoryBody(
    string Source, RangeBody Range, double StepSeconds, IReadOnlyList<DateTimeOffset> Times, IReadOnlyDictionary<string, SeriesBody> Series);

/// <summary>A metric, a value per step; null where nothing was measured.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Min">The smallest value of each step.</param>
/// <param name="Mean">The mean of each step, weighted by time.</param>
/// <param name="Max">The largest value of each step.</param>
internal sealed record SeriesBody(string Unit, IReadOnlyList<double?> Min, IReadOnlyList<double?> Mean, IReadOnlyList<double?> Max);
