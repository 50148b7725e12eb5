using PerfPortal.Server.Intake;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint that examines a series that the caller sends.</summary>
internal static class DetectApi
{
    private static readonly string[] JsonOnly = [BodyReader.JsonType];

    /// <summary>Maps the route.</summary>
    public static void MapDetectApi(this RouteGroupBuilder group) =>
        group.MapPost("/detect", DetectAsync).WithName("DetectInSeries").Heavy(HeavyRead.Comparison).Accepts<DetectRequestBody>("application/json").Produces<DetectBody>()
            .WithSummary("Examine a series").WithDescription("Finds what is unusual in a series of the caller and where its level changes, and forecasts it, with the methods that the portal applies to its own. Stores nothing.");

    private static async Task<IResult> DetectAsync(HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        using var body = await BodyReader.ReadAsync(context.Request, JsonOnly, BodyLimits.Batch, cancellationToken).ConfigureAwait(false);
        if (body.Problem is { } unread)
        {
            return unread;
        }

        var (document, problem) = BodyReader.Parse(body.Bytes);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            return SeriesReading.Read(document.RootElement, errors) is { } series ? TypedResults.Ok(SeriesExamination.Of(series, cancellationToken)) : Problems.Invalid(errors);
        }
    }
}
