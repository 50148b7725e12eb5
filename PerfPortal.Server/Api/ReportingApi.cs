using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Reports of operations. A 2xx answer means that what it contains is durable.</summary>
internal static class ReportingApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapReportingApi(this RouteGroupBuilder group)
    {
        group.MapPost("/operations", StartAsync).Accepts<StartBody>("application/json")
            .Produces<OperationBody>(StatusCodes.Status201Created).Produces<OperationBody>()
            .WithSummary("Start an operation").WithDescription("The same id again changes nothing and answers 200.");
        group.MapPatch("/operations/{id}", UpdateAsync).Accepts<UpdateBody>("application/json").Produces<OperationBody>()
            .WithSummary("Report progress, metadata or a heartbeat").WithDescription("Durable within 5 seconds.");
        group.MapPost("/operations/{id}/complete", CompleteAsync).Accepts<CompleteBody>("application/json").Produces<OperationBody>()
            .WithSummary("End an operation").WithDescription("Again with the same outcome answers 200 and changes nothing; a contradicting outcome answers 409.");
        group.MapPost("/operations/batch", BatchAsync).Accepts<BatchItemBody[]>("application/json", "application/x-ndjson").Produces<BatchAnswer>()
            .WithSummary("Report operations that have ended").WithDescription("A JSON array, or one operation a line. gzip and br are accepted. Valid items are stored even if others are refused.");
    }

    private static async Task<IResult> StartAsync(HttpContext context, OperationReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        using var report = await JsonReport.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        return report.Start() is { } operation
            ? Started(context, await reports.StartAsync(operation, cancellationToken).ConfigureAwait(false))
            : report.Problem;
    }

    private static async Task<IResult> UpdateAsync(
        string id, HttpContext context, OperationReports reports, ActiveOperations active, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryParseId(id, out var operationId))
        {
            return InvalidId();
        }

        using var report = await JsonReport.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        return report.Update(active.Find(operationId)?.Current) is { } update
            ? Answer(operationId, await reports.UpdateAsync(operationId, update.Progress, update.Metadata, cancellationToken).ConfigureAwait(false))
            : report.Problem;
    }

    private static async Task<IResult> CompleteAsync(
        string id, HttpContext context, OperationReports reports, ActiveOperations active, IOperationReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryParseId(id, out var operationId))
        {
            return InvalidId();
        }

        using var report = await JsonReport.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        var known = active.Find(operationId)?.Current ?? await reader.FindAsync(operationId, cancellationToken).ConfigureAwait(false);
        return report.Completion(known) is { } ending
            ? Answer(operationId, await reports.CompleteAsync(operationId, ending, cancellationToken).ConfigureAwait(false))
            : report.Problem;
    }

    private static async Task<IResult> BatchAsync(HttpContext context, OperationReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        var (batch, problem) = await BatchReader.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        return batch is not null
            ? TypedResults.Ok(batch.Answer(await reports.RecordAsync(batch.Operations, cancellationToken).ConfigureAwait(false)))
            : problem!;
    }

    private static IResult Started(HttpContext context, ReportResult result)
    {
        var answer = OperationBody.Of(result.Operation!);
        return result.Outcome == ReportOutcome.Accepted
            ? TypedResults.Created($"{context.Request.PathBase}{ApiRoutes.Root}/operations/{answer.Id}", answer)
            : TypedResults.Ok(answer);
    }

    private static IResult Answer(Guid id, ReportResult result) => result.Outcome switch
    {
        ReportOutcome.Unknown => Problems.NotFound($"No operation has the id {id}."),
        ReportOutcome.Contradicted => Problems.Conflict($"The operation {id} has already ended as {result.Operation!.Status.WireName()}."),
        ReportOutcome.Rejected => Problems.Invalid([new(result.Reason!, "/end_time")]),
        _ => TypedResults.Ok(OperationBody.Of(result.Operation!)),
    };

    private static bool TryParseId(string id, out Guid parsed) => Guid.TryParseExact(id, "D", out parsed);

    private static IResult InvalidId() => Problems.Invalid([new("id must be a UUID.", "/id")]);
}
