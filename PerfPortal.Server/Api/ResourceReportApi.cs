using PerfPortal.Domain.Journal;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoint that accepts samples of other hosts.</summary>
internal static class ResourceReportApi
{
    /// <summary>Maps the route.</summary>
    public static void MapResourceReportApi(this RouteGroupBuilder group) => group.MapPost("/resources", ReportAsync)
        .WithName("ReportResources").Accepts<SampleReport[]>("application/json").WithItems(SampleValidator.MaxSamples, acceptsOne: true).Produces<SamplesAnswer>()
        .WithSummary("Report samples of other hosts")
        .WithDescription(FormattableString.Invariant($"A sample or an array of at most {SampleValidator.MaxSamples:#,0} samples. All or nothing: if one sample is invalid, none is stored, and the error gives its index. Idempotent: a sample with the same source and time changes nothing."));

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
