using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints that read operations.</summary>
internal static class OperationsApi
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <summary>Maps the routes.</summary>
    public static void MapOperationsApi(this RouteGroupBuilder group)
    {
        group.MapGet("/metrics/{metricType}", ListAsync).Produces<MetricsBody>().WithSummary("List operations of a metric type")
            .WithDescription("Filters: from, to, window, tz, source, name, status, min_duration_seconds, max_duration_seconds, q, sort (start_time or duration_seconds; a leading - sorts in descending order), limit (1–1000), cursor. The statistics cover the whole filtered set.");
        group.MapGet("/operations/active", ListActiveAsync).Produces<ItemsBody<OperationBody>>().WithSummary("List running operations, longest running first");
        group.MapGet("/operations/{id}", FindAsync).Produces<OperationBody>().WithSummary("Get an operation");
    }

    private static async Task<IResult> ListAsync(
        string metricType, HttpContext context, IOperationReader reader, OperationStatistics statistics, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!MetricTypes.TryParse(metricType, out var type))
        {
            return Problems.NotFound($"{metricType} is not a metric type. Valid types: {string.Join(", ", MetricTypes.WireNames)}.");
        }

        var query = new QueryReader(context.Request, time);
        var range = query.Range(DefaultWindow);
        var view = OperationView.Read(query) with { MetricType = type };
        var filter = view.ToFilter(query.Text("source", OperationLimits.SourceCharacters));
        int limit = query.Whole("limit", 100, 1, 1000);
        PageCursor? after = null;
        if (query.Text("cursor") is { } cursor)
        {
            if (CursorText.TryRead(cursor, view.Order, out var position))
            {
                after = position;
            }
            else
            {
                query.AddError("cursor", "cursor is not valid for this sort order.");
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
        var query = new QueryReader(context.Request, time);
        var filter = query.Filter();
        int limit = query.Whole("limit", 1000, 1, 1000);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var list = await active.ReadAsync(filter, includePortal: false, passes: null, limit, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ItemsBody<OperationBody>([.. list.Rows.Select(row => OperationBody.Of(row.Operation, row.Rate, row.Eta, row.StalledSeconds))]));
    }

    private static async Task<IResult> FindAsync(string id, ActiveReader active, IOperationReader reader, CancellationToken cancellationToken)
    {
        if (!OperationIds.TryParse(id, out var operationId))
        {
            return Problems.Invalid([new("id must be a UUID.", "/id")]);
        }

        if (await active.FindAsync(operationId, cancellationToken).ConfigureAwait(false) is { } row)
        {
            return TypedResults.Ok(OperationBody.Of(row.Operation, row.Rate, row.Eta, row.StalledSeconds));
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
