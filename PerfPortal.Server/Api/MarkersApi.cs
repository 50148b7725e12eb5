using System.Globalization;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of markers: points in time that explain changes.</summary>
internal static class MarkersApi
{
    private static readonly WholeParameter Limit = new("limit", 1, 1000, 1000) { Description = "The maximum number of markers.", Example = "100" };

    /// <summary>Maps the route that lists markers.</summary>
    public static void MapMarkersApi(this RouteGroupBuilder group) => group.MapGet("/markers", ListAsync)
        .WithName("ListMarkers").WithParameters(RangeParameters.Day, CommonParameters.Source, Limit).Produces<ItemsBody<MarkerBody>>()
        .WithSummary("List markers").WithDescription("The latest marker is first. With source, markers that concern all sources are returned too. next_cursor is always null.");

    /// <summary>Maps the route that stores a marker.</summary>
    public static void MapMarkerReportApi(this RouteGroupBuilder group) => group.MapPost("/markers", ReportAsync)
        .WithName("ReportMarker").Accepts<MarkerReport>("application/json").Produces<MarkerBody>(StatusCodes.Status201Created).Produces<MarkerBody>()
        .WithSummary("Report a marker")
        .WithDescription(FormattableString.Invariant($"A point in time that may explain a change, such as a deployment; regressions that begin near it name it as a cause. Idempotent: the same time, name and source again return 200 and change nothing. At most {EfMarkerStore.Capacity:#,0} markers are kept; the oldest are deleted."));

    /// <summary>Maps the route that deletes a marker.</summary>
    public static void MapMarkerDeletionApi(this RouteGroupBuilder group) => group.MapDelete("/markers/{id}", DeleteAsync)
        .WithName("DeleteMarker").WithParameters(PathParameter.MarkerId).Produces(StatusCodes.Status204NoContent).WithProblems(404)
        .WithSummary("Delete a marker").WithDescription("It is no longer drawn, and findings no longer name it as a cause from their next look on, within half an hour.");

    private static async Task<IResult> DeleteAsync(string id, MarkerReader markers, CancellationToken cancellationToken) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && await markers.DeleteAsync(number, cancellationToken).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : Problems.NotFound($"There is no marker with the id {id}.");

    private static async Task<IResult> ListAsync(HttpContext context, EfMarkerStore markers, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        string? source = query.Read(CommonParameters.Source);
        int limit = query.Read(Limit);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var items = await markers.ReadAsync(range, source, limit, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<MarkerBody>([.. items.Select(ToBody)]));
    }

    private static async Task<IResult> ReportAsync(HttpContext context, EfMarkerStore markers, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var now = time.GetUtcNow();
            if (MarkerReport.Read(document.RootElement, now, errors) is not { } report)
            {
                return Problems.Invalid(errors);
            }

            var (marker, isNew) = await markers.AddAsync(
                report.At ?? now, report.Name, report.Source, report.Metadata ?? Metadata.Empty, cancellationToken).ConfigureAwait(false);
            return isNew ? TypedResults.Created((string?)null, ToBody(marker)) : TypedResults.Ok(ToBody(marker));
        }
    }

    private static MarkerBody ToBody(Marker marker) => new(marker.Id, marker.At, marker.Name, marker.Source, marker.Metadata, marker.ReportedAt);
}
