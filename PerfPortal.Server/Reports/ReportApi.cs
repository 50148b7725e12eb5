using System.Text;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Controls.Reports;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Reports;

/// <summary>The endpoint of the performance report.</summary>
internal static class ReportApi
{
    /// <summary>Maps <c>GET /report</c>.</summary>
    public static void MapReportApi(this RouteGroupBuilder group) => group.MapGet("/report", ReadAsync)
        .WithName("GetReport")
        .WithSummary("Get the performance report of a window")
        .WithDescription("Contains the summary, statistics per metric type and operation name, resources, bottlenecks, recommendations, score, trends and the comparison with the previous period. Parameters: window, from, to, tz, source, format (json, csv, html, markdown), bom (true starts a CSV file with a byte order mark, for Excel). The default window is 24 hours. Forecasts are not included yet.")
        .Produces<PerformanceReport>(StatusCodes.Status200OK, "application/json", "text/csv", "text/html", "text/markdown")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ReadAsync(HttpContext context, ReportReader reader, ReportWriter writer, TimeProvider time)
    {
        var query = new QueryReader(context.Request, time);
        var range = query.Range(ReportReader.DefaultWindow);
        string? source = query.Text("source", OperationLimits.SourceCharacters);
        var format = ReportFormats.TryParse(query.Choice("format", [.. ReportFormats.Names]), out var chosen) ? chosen : ReportFormat.Json;
        bool hasMark = query.Choice(CsvWriter.MarkParameter, "true", "false") == "true" && format == ReportFormat.Csv;
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var report = await reader.ReadAsync(range, source, context.RequestAborted).ConfigureAwait(false);
        string name = $"performance-report-{ReportTexts.Time(report.Range.To).Replace(' ', '-').Replace(":", "", StringComparison.Ordinal)}.{format.Extension()}";
        context.Response.Headers.ContentDisposition = $"{(format is ReportFormat.Csv or ReportFormat.Markdown ? "attachment" : "inline")}; filename=\"{name}\"";
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.Text((hasMark ? CsvWriter.Mark : "") + await writer.WriteAsync(report, format).ConfigureAwait(false), format.ContentType(), Encoding.UTF8);
    }
}
