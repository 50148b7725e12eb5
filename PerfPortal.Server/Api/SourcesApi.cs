using PerfPortal.Server.Sources;
using PerfPortal.Server.Sources.Demonstration;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that remove a source and load the demonstration data.</summary>
internal static class SourcesApi
{
    /// <summary>Maps the routes.</summary>
    public static void MapSourcesApi(this RouteGroupBuilder group)
    {
        group.MapDelete("/sources/{source}", RemoveAsync).WithName("RemoveSource").WithParameters(PathParameter.Source)
            .Produces<RemovedSourceBody>().Produces<RemovedSourceBody>(StatusCodes.Status202Accepted).WithProblems(404, 409)
            .WithSummary("Remove a source")
            .WithDescription("Removes all operations, samples, statistics and recommendations of a source, for good. From then on all figures are as if it had never reported; a new report under its name starts afresh. 202 means that the data is hidden and still being deleted. The portal itself and its own host cannot be removed (409).");
        group.MapPost("/demonstration", LoadAsync).WithName("LoadDemonstration").Produces<DemonstrationBody>(StatusCodes.Status201Created).WithProblems(409)
            .WithSummary("Load the demonstration data")
            .WithDescription("Stores a made-up day of operations and samples under the source demo, through the same journal as any report; summaries include it, and every page says so. To remove it, remove the source. 409 when it is loaded already, or when a source of that name has reported data of its own.");
    }

    private static async Task<IResult> LoadAsync(HttpContext context, DemonstrationData demonstration, CancellationToken cancellationToken)
    {
        var (loaded, reason) = await demonstration.LoadAsync(context.User.Identity?.Name ?? "local", cancellationToken).ConfigureAwait(false);
        return loaded is null
            ? Problems.Status(StatusCodes.Status409Conflict, "The demonstration data was not loaded.", reason!)
            : TypedResults.Json(loaded, WireJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(string source, HttpContext context, SourceRemover remover, CancellationToken cancellationToken)
    {
        // The server leaves an encoded slash in a path as it is.
        source = source.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (SourceRemover.WhyKept(source) is { } reason)
        {
            return Problems.Status(StatusCodes.Status409Conflict, "This source cannot be removed.", reason);
        }

        return await remover.RemoveAsync(source, context.User.Identity?.Name ?? "local", cancellationToken).ConfigureAwait(false) switch
        {
            null => Problems.Status(StatusCodes.Status404NotFound, "Unknown source.", $"No source {source} has reported."),
            { IsComplete: true } removed => TypedResults.Ok(removed),
            var removed => TypedResults.Json(removed, WireJson.Options, statusCode: StatusCodes.Status202Accepted),
        };
    }
}
