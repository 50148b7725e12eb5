using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint that accepts samples of other hosts.</summary>
internal static class ResourceReportApi
{
    /// <summary>Maps the route.</summary>
    public static void MapResourceReportApi(this RouteGroupBuilder group) => group.MapPost("/resources", ReportAsync)
        .Accepts<JsonElement>("application/json").Produces<SamplesAnswer>()
        .WithSummary("Report samples of other hosts")
        .WithDescription("A sample or an array of at most 10,000 samples, all or nothing. Members: source, sampled_at (optional), covered_seconds (optional; the period that the sample covers, default 30), and those of /resources/current. Idempotent: a sample with the same source and time changes nothing.");

    private static async Task<IResult> ReportAsync(
        HttpContext context, OperationJournal journal, RetentionHorizons horizons, TimeProvider time, CancellationToken cancellationToken)
    {
        var (samples, problem) = await SampleReader.ReadAsync(context, time, horizons.OldestSample, cancellationToken).ConfigureAwait(false);
        if (samples is null)
        {
            return problem!;
        }

        await journal.SubmitAsync(samples, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new SamplesAnswer(samples.Count));
    }
}
