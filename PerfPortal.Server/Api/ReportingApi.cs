using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that accept operation reports. A 2xx response means that the report is stored durably.</summary>
internal static class ReportingApi
{
    private static readonly FlagParameter Strict = new("strict", false)
    {
        Description = "Whether to return 422 when any item is rejected. The valid items are still stored.",
        Example = "true",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapReportingApi(this RouteGroupBuilder group)
    {
        group.MapPost("/operations", StartAsync).WithName("StartOperation").WithParameters(HeaderParameter.IdempotencyKey).WithProblems(422).Accepts<StartBody>("application/json")
            .Produces<OperationBody>(StatusCodes.Status201Created).Produces<OperationBody>()
            .WithResponseHeader("Location", "The URL of the operation.", StatusCodes.Status201Created)
            .WithSummary("Start an operation").WithDescription("Idempotent: a repeated id returns 200 and changes nothing. An operation that has ended is reported in a batch instead: a start with an outcome (success, status, end_time or duration_seconds) is rejected.");
        group.MapPatch("/operations/{id}", UpdateAsync).WithName("UpdateOperation").WithParameters(PathParameter.OperationId)
            .Accepts<UpdateBody>("application/json").Produces<OperationBody>().WithProblems(404, 409)
            .WithSummary("Report progress, metadata or a heartbeat").WithDescription("Stored within 5 seconds. Progress without a total or unit keeps the known one; another unit clears the total.");
        group.MapPost("/operations/{id}/complete", CompleteAsync).WithName("CompleteOperation").WithParameters(PathParameter.OperationId)
            .Accepts<CompleteBody>("application/json").Produces<OperationBody>().WithProblems(404, 409)
            .WithSummary("Complete an operation").WithDescription("Idempotent: repeating the outcome returns 200 and changes nothing; a different outcome returns 409.");
        group.MapPost("/operations/batch", BatchAsync).WithName("ReportOperations").Accepts<BatchItemBody[]>("application/json", "application/x-ndjson").WithItems(BatchReader.MaxItems)
            .Produces<BatchAnswer>().WithParameters(Strict, HeaderParameter.IdempotencyKey).WithProblems(422)
            .WithSummary("Report completed operations")
            .WithDescription(FormattableString.Invariant($"A JSON array, or NDJSON with one operation per line, of at most {BatchReader.MaxItems:#,0} operations; gzip and br are accepted. Valid items are stored even if others are rejected; with strict=true the status is then 422 instead of 200. An export of the portal is accepted as well."));
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, OperationReports reports, IdempotencyKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        using var report = await JsonReport.ReadAsync(context, time, cancellationToken).ConfigureAwait(false);
        return report.Start(context.Request, keys) is { } operation
            ? Started(context, await reports.StartAsync(operation, report.ArrivedAt, cancellationToken).ConfigureAwait(false))
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

    private static async Task<IResult> BatchAsync(
        HttpContext context, OperationReports reports, IdempotencyKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        bool isStrict = query.Read(Strict) == true;
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var (batch, problem) = await BatchReader.ReadAsync(context, keys, time, cancellationToken).ConfigureAwait(false);
        if (batch is null)
        {
            return problem!;
        }

        var answer = batch.Answer(await reports.RecordAsync(batch.Operations, cancellationToken).ConfigureAwait(false));
        return isStrict && answer.Rejected.Count > 0 ? Unprocessable(answer, batch.Count) : TypedResults.Ok(answer);
    }

    private static IResult Unprocessable(BatchAnswer answer, int count) => Problems.Status(
        StatusCodes.Status422UnprocessableEntity, "Items of the batch were rejected.",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Rejected.Count} of {count} items were rejected; the other {count - answer.Rejected.Count} are stored. The first is item {answer.Rejected[0].Index}: {answer.Rejected[0].Detail}"),
        new() { ["accepted"] = answer.Accepted, ["duplicates"] = answer.Duplicates, ["rejected"] = answer.Rejected });

    private static IResult Started(HttpContext context, ReportResult result)
    {
        var answer = OperationBody.Of(result.Operation!);
        return result.Outcome == ReportOutcome.Accepted
            ? TypedResults.Created($"{context.Request.PathBase}{ApiRoutes.Root}/operations/{answer.Id}", answer)
            : TypedResults.Ok(answer);
    }

    private static IResult Answer(Guid id, ReportResult result) => result.Outcome switch
    {
        ReportOutcome.Unknown => Problems.NotFound($"There is no operation with the id {id}."),
        ReportOutcome.Contradicted => Problems.Conflict($"The operation {id} has already completed with status {result.Operation!.Status.WireName()}."),
        ReportOutcome.Rejected => Problems.Invalid([new(result.Reason!, "/" + result.Rejection!.Field)]),
        _ => TypedResults.Ok(OperationBody.Of(result.Operation!)),
    };

    private static bool TryParseId(string id, out Guid parsed) => OperationIds.TryParse(id, out parsed);

    private static IResult InvalidId() => Problems.Invalid([new("id must be a UUID.", "/id")]);
}
