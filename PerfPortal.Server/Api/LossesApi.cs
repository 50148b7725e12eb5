using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Views.Losses;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint by which programs tell what they lost.</summary>
internal static class LossesApi
{
    /// <summary>Maps the route.</summary>
    public static void MapLossesApi(this RouteGroupBuilder group) => group.MapPost("/losses", TellAsync)
        .WithName("ReportLosses").Accepts<LossReport>("application/json").Produces<LossBody>()
        .WithSummary("Tell what was lost")
        .WithDescription(FormattableString.Invariant($"How many operations and samples a program dropped before they reached the portal, or had rejected: pages and GET /sources state it, because the figures lack them. Idempotent: under the same id, source and reason the larger counts are kept, so tell the sum so far as often as you like. The latest {LossBook.MaxPerSource} losses of a source and {LossBook.Capacity:#,0} in all are kept, for as long as hour statistics."));

    private static async Task<IResult> TellAsync(HttpContext context, LossKeeper keeper, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            return LossReport.Read(document.RootElement, errors) is { } report
                ? TypedResults.Ok(LossBody.Of(await keeper.TellAsync(ToLoss(report, Reporter.SourceOf(context), time.GetUtcNow()), cancellationToken).ConfigureAwait(false)))
                : Problems.Invalid(errors);
        }
    }

    private static Loss ToLoss(LossReport report, string defaultSource, DateTimeOffset now)
    {
        double last = report.LastSecondsAgo ?? 0;
        double first = Math.Max(report.FirstSecondsAgo ?? last, last);
        return new(
            report.Id, report.Source ?? defaultSource, report.Reason, report.Detail, report.Operations, report.Samples,
            now.AddSeconds(-first).ToWholeMicroseconds(), now.AddSeconds(-last).ToWholeMicroseconds());
    }
}
