using PerfPortal.Server.Intake;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of silences, quiet hours and maintenance windows.</summary>
internal static class SilencesApi
{
    /// <summary>Maps the route that reads.</summary>
    public static void MapSilencesApi(this RouteGroupBuilder group) => group.MapGet("/silences", ListAsync)
        .WithName("ListSilences").Produces<ItemsBody<SilenceBody>>()
        .WithSummary("List silences").WithDescription("The silences, quiet hours and maintenance windows that have not ended: active ones first. next_cursor is always null.");

    /// <summary>Maps the routes by which people act.</summary>
    public static void MapSilenceActions(this RouteGroupBuilder group)
    {
        group.MapPost("/silences", AddAsync).WithName("AddSilence").Accepts<SilenceReport>("application/json").Produces<SilenceBody>(StatusCodes.Status201Created).WithProblems(409)
            .WithSummary("Silence alerts")
            .WithDescription("Alerts with these labels go on being evaluated and shown, but nobody is told; when the silence ends, receivers are told of the alerts that still fire and that they were not told of. With a schedule it returns on its days: quiet hours, or a maintenance window. Applies at once.");
        group.MapDelete("/silences/{id}", DeleteAsync).WithName("DeleteSilence").WithParameters(PathParameter.SilenceId).Produces(StatusCodes.Status204NoContent).WithProblems(404)
            .WithSummary("End a silence").WithDescription("Applies at once: receivers are told of the alerts that still fire.");
    }

    private static async Task<IResult> ListAsync(SilenceKeeper silences, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return TypedResults.Ok(new ItemsBody<SilenceBody>([.. (await silences.ListAsync(cancellationToken).ConfigureAwait(false)).Select(silence => SilenceBody.Of(silence, now))]));
    }

    private static async Task<IResult> AddAsync(HttpContext context, SilenceKeeper silences, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, BodyLimits.Definition, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var now = time.GetUtcNow();
            if (SilenceReport.Read(document.RootElement, now, errors, mustNameAll: true) is not { } report)
            {
                return Problems.Invalid(errors);
            }

            var silence = report.ToSilence(context.User.Identity?.Name ?? "local", now);
            return await silences.AddAsync(silence, cancellationToken).ConfigureAwait(false)
                ? TypedResults.Created((string?)null, SilenceBody.Of(silence, now))
                : Problems.Status(StatusCodes.Status409Conflict, "There are too many silences.", FormattableString.Invariant($"At most {SilenceKeeper.Capacity:#,0} silences are kept; end some of them."));
        }
    }

    private static async Task<IResult> DeleteAsync(string id, SilenceKeeper silences, CancellationToken cancellationToken) =>
        await silences.DeleteAsync(id, cancellationToken).ConfigureAwait(false) ? TypedResults.NoContent() : Problems.NotFound($"There is no silence with the id {id}.");
}
