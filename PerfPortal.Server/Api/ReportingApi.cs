using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Reports of operations. A 2xx answer means that what it says is durable.</summary>
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
            .WithSummary("Report operations that have ended").WithDescription("A JSON array, or one operation a line. gzip and br are accepted. Good items land though others are bad.");
    }

    private static Task<IResult> StartAsync(HttpContext context, OperationReports reports, TimeProvider time, CancellationToken cancellationToken) =>
        ReadAsync(context, async (body, errors) =>
        {
            var operation = OperationBodies.ReadStart(body, Reporter.SourceOf(context), time.GetUtcNow(), errors);
            if (errors.Count > 0)
            {
                return Problems.Invalid(errors);
            }

            var result = await reports.StartAsync(operation!, cancellationToken).ConfigureAwait(false);
            var answer = OperationBody.Of(result.Operation!);
            return result.Outcome == ReportOutcome.Accepted
                ? TypedResults.Created($"{context.Request.PathBase}{ApiRoutes.Root}/operations/{answer.Id}", answer)
                : TypedResults.Ok(answer);
        }, cancellationToken);

    private static Task<IResult> UpdateAsync(
        string id, HttpContext context, OperationReports reports, ActiveOperations active, CancellationToken cancellationToken) =>
        WithId(id, operationId => ReadAsync(context, async (body, errors) =>
        {
            var running = active.Find(operationId)?.Current;
            var (progress, metadata) = OperationBodies.ReadUpdate(body, running?.MetricType, errors);
            CheckSum(running, metadata, errors);
            if (errors.Count > 0)
            {
                return Problems.Invalid(errors);
            }

            return Answer(operationId, await reports.UpdateAsync(operationId, progress, metadata, cancellationToken).ConfigureAwait(false));
        }, cancellationToken));

    private static Task<IResult> CompleteAsync(
        string id, HttpContext context, OperationReports reports, ActiveOperations active, IOperationReader reader, CancellationToken cancellationToken) =>
        WithId(id, operationId => ReadAsync(context, async (body, errors) =>
        {
            // One that was given up may still end; its end is checked against its start like any other.
            var known = active.Find(operationId)?.Current ?? await reader.FindAsync(operationId, cancellationToken).ConfigureAwait(false);
            var ending = OperationBodies.ReadEnding(body, known?.MetricType, known?.StartTime, errors);
            CheckSum(known, ending?.Metadata ?? [], errors);
            if (errors.Count > 0)
            {
                return Problems.Invalid(errors);
            }

            return Answer(operationId, await reports.CompleteAsync(operationId, ending!, cancellationToken).ConfigureAwait(false));
        }, cancellationToken));

    private static async Task<IResult> BatchAsync(HttpContext context, OperationReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        using var body = await BodyReader.ReadAsync(context.Request, BatchReader.MediaTypes, cancellationToken).ConfigureAwait(false);
        if (body.Problem is not null)
        {
            return body.Problem;
        }

        string source = Reporter.SourceOf(context);
        bool isLines = context.Request.ContentType!.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase);
        var (batch, problem) = isLines ? BatchReader.ReadLines(body.Bytes, source, time.GetUtcNow()) : BatchReader.ReadArray(body.Bytes, source, time.GetUtcNow());
        body.Dispose();
        if (batch is null)
        {
            return problem!;
        }

        try
        {
            return TypedResults.Ok(Answer(batch, await reports.RecordAsync(batch.Operations, cancellationToken).ConfigureAwait(false)));
        }
        catch (JournalUnavailableException exception)
        {
            return Problems.Unavailable(exception.Message, exception.RetryAfter);
        }
    }

    private static BatchAnswer Answer(Batch batch, IReadOnlyList<ReportResult> results)
    {
        int accepted = 0;
        int duplicates = 0;
        for (int i = 0; i < results.Count; i++)
        {
            switch (results[i].Outcome)
            {
                case ReportOutcome.Accepted: accepted++; break;
                case ReportOutcome.Unchanged: duplicates++; break;
                case ReportOutcome.Rejected: batch.Rejected.Add(new(batch.Places[i], results[i].Reason!)); break;
            }
        }

        batch.Rejected.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        return new(accepted, duplicates, batch.Rejected);
    }

    /// <summary>Metadata that grows report by report stays within the bounds of one operation.</summary>
    private static void CheckSum(Operation? running, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, List<ValidationError> errors)
    {
        if (running is not null && metadata.Count > 0 && running.Metadata.With(metadata).Count > OperationLimits.MetadataMembers)
        {
            errors.Add(new(FormattableString.Invariant($"metadata would have more than {OperationLimits.MetadataMembers} members."), "/metadata"));
        }
    }

    private static IResult Answer(Guid id, ReportResult result) => result.Outcome switch
    {
        ReportOutcome.Unknown => Problems.NotFound($"No operation has the id {id}."),
        ReportOutcome.Contradicted => Problems.Conflict($"The operation {id} has already ended as {result.Operation!.Status.WireName()}."),
        ReportOutcome.Rejected => Problems.Invalid([new(result.Reason!, "/end_time")]),
        _ => TypedResults.Ok(OperationBody.Of(result.Operation!)),
    };

    private static Task<IResult> WithId(string id, Func<Guid, Task<IResult>> then) => Guid.TryParseExact(id, "D", out var parsed)
        ? then(parsed)
        : Task.FromResult(Problems.Invalid([new("id must be a UUID.", "/id")]));

    private static async Task<IResult> ReadAsync(
        HttpContext context, Func<System.Text.Json.JsonElement, List<ValidationError>, Task<IResult>> then, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            try
            {
                return await then(document.RootElement, []).ConfigureAwait(false);
            }
            catch (JournalUnavailableException exception)
            {
                return Problems.Unavailable(exception.Message, exception.RetryAfter);
            }
        }
    }
}
