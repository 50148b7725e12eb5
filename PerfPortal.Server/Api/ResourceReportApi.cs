using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Api;

/// <summary>Samples of other hosts: one or an array, all or nothing.</summary>
internal static class ResourceReportApi
{
    /// <summary>Maps the route.</summary>
    public static void MapResourceReportApi(this RouteGroupBuilder group) => group.MapPost("/resources", ReportAsync)
        .Accepts<JsonElement>("application/json").Produces<SamplesAnswer>()
        .WithSummary("Report samples of another host")
        .WithDescription("A sample or an array of at most 10,000, all or nothing: source, sampled_at?, covered_seconds? (the time that the sample stands for; 30 when it is missing), and members as in /resources/current. The same source and moment again changes nothing.");

    private static async Task<IResult> ReportAsync(
        HttpContext context, OperationJournal journal, RetentionHorizons horizons, TimeProvider time, CancellationToken cancellationToken)
    {
        using var report = await JsonReport.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        if (report.Samples(horizons.OldestSample) is not { } samples)
        {
            return report.Problem;
        }

        await journal.SubmitAsync(samples, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new SamplesAnswer(samples.Count));
    }
}
