using Microsoft.AspNetCore.Mvc;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read operations.</summary>
internal static class OperationsApi
{
    private static readonly WholeParameter Limit = new("limit", 1, 1000, 100) { Description = "The maximum number of operations on a page.", Example = "100" };

    private static readonly WholeParameter ActiveLimit = new("limit", 1, 1000, 1000) { Description = "The maximum number of operations.", Example = "100" };

    private static readonly TextParameter Cursor = new("cursor")
    {
        Description = "next_cursor of the previous page; valid only with the same sort order.",
    };

    /// <summary>Maps the routes.</summary>
    public static void MapOperationsApi(this RouteGroupBuilder group)
    {
        group.MapGet("/metrics/{metric_type}", ListAsync).WithName("ListOperations").Heavy(HeavyRead.Search)
            .WithParameters(PathParameter.MetricType, RangeParameters.Day, CommonParameters.Source, OperationView.Filters, Limit, Cursor)
            .Produces<MetricsBody>().WithProblems(404).WithResponseHeader("Link", "The next page, with rel=\"next\"; missing on the last page.")
            .WithSummary("List operations of a metric type").WithDescription("The statistics cover the whole filtered set, not only the page.");
        group.MapGet("/operations/active", ListActiveAsync).WithName("ListActiveOperations").WithParameters(SeriesParameters.All, ActiveLimit)
            .Produces<ItemsBody<OperationBody>>()
            .WithSummary("List running operations").WithDescription("The longest running operation is first. next_cursor is always null.");
        group.MapGet("/operations/{id}", FindAsync).WithName("GetOperation").WithParameters(PathParameter.OperationId)
            .Produces<OperationBody>().WithProblems(400, 404)
            .WithSummary("Get an operation").WithDescription("Running or completed, in full, with its events.");
    }

    private static async Task<IResult> ListAsync(
        [FromRoute(Name = "metric_type")] string metricType, HttpContext context, IOperationReader reader, OperationStatistics statistics, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!MetricTypes.TryParse(metricType, out var type))
        {
            return Problems.NotFound($"{metricType} is not a metric type. Valid types: {string.Join(", ", MetricTypes.WireNames)}.");
        }

        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        var view = OperationView.Read(query, type);
        var filter = view.ToFilter(query.Read(CommonParameters.Source));
        int limit = query.Read(Limit);
        PageCursor? after = null;
        if (query.Read(Cursor) is { } cursor)
        {
            if (CursorText.TryRead(cursor, view.Order, out var position))
            {
                after = position;
            }
            else
            {
                query.AddError(Cursor, "cursor is not valid for this sort order.");
            }
        }

        if (!query.IsValid)
        {
            return query.Problem;
        }

        var page = await reader.ReadPageAsync(new(range, filter, view.Order, limit, after), cancellationToken).ConfigureAwait(false);
        var (figures, reason, answered) = await statistics.ReadAsync(range, filter, cancellationToken).ConfigureAwait(false);
        string? next = CursorText.Write(page.Next, view.Order);
        if (next is not null)
        {
            context.Response.Headers.Link = $"<{Next(context.Request, next)}>; rel=\"next\"";
        }

        return TypedResults.Ok(new MetricsBody([.. page.Items.Select(item => OperationBody.Of(item))], figures, reason, next, RangeBody.Of(answered), page.IsIncomplete));
    }

    private static async Task<IResult> ListActiveAsync(HttpContext context, ActiveReader active, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var filter = query.Read(SeriesParameters.All);
        int limit = query.Read(ActiveLimit);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var list = await active.ReadAsync(filter, includePortal: false, passes: null, limit, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<OperationBody>([.. list.Rows.Select(row => OperationBody.Of(row.Operation, row.Rate, row.Eta, row.StalledSeconds, row.Held))]));
    }

    private static async Task<IResult> FindAsync(string id, ActiveReader active, IOperationReader reader, CancellationToken cancellationToken)
    {
        if (!OperationIds.TryParse(id, out var operationId))
        {
            return Problems.Invalid([new("id must be a UUID.", "/id")]);
        }

        if (await active.FindAsync(operationId, cancellationToken).ConfigureAwait(false) is { } row)
        {
            return TypedResults.Ok(OperationBody.Of(row.Operation, row.Rate, row.Eta, row.StalledSeconds, row.Held));
        }

        var operation = await reader.FindAsync(operationId, cancellationToken).ConfigureAwait(false);
        return operation is null ? Problems.NotFound($"There is no operation with the id {operationId}.") : TypedResults.Ok(OperationBody.Of(operation));
    }

    private static string Next(HttpRequest request, string cursor)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.QueryString.Value);
        query["cursor"] = cursor;
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString($"{request.PathBase}{request.Path}", query);
    }
}
