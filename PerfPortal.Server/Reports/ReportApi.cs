using System.Text;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Controls.Reports;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Reports;

/// <summary>The endpoint of the performance report.</summary>
internal static class ReportApi
{
    /// <summary>The format parameter.</summary>
    internal static readonly ChoiceParameter<ReportFormat> Format = new("format", nameof(ReportFormat), ReportFormats.Names.Select((name, index) => (name, (ReportFormat)index)), ReportFormat.Json)
    {
        Description = "The format of the report.",
        Example = "json",
    };

    /// <summary>Maps <c>GET /report</c>.</summary>
    public static void MapReportApi(this RouteGroupBuilder group) => group.MapGet("/report", ReadAsync)
        .WithName("GetReport").Heavy(HeavyRead.Comparison).WithParameters(RangeParameters.Day, CommonParameters.Source, Format, CommonParameters.ByteOrderMark)
        .Produces<PerformanceReport>(StatusCodes.Status200OK, "application/json", "text/csv", "text/html", "text/markdown")
        .WithResponseHeader("Content-Disposition", "Names the file.")
        .WithSummary("Get the performance report of a window")
        .WithDescription("Contains the summary, statistics per metric type and operation name, resources, bottlenecks, findings, recommendations, score, trends and the comparison with the previous period.");

    private static async Task<IResult> ReadAsync(HttpContext context, ReportReader reader, ReportWriter writer, TimeProvider time)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Day);
        string? source = query.Read(CommonParameters.Source);
        var format = query.Read(Format);
        bool hasMark = query.Read(CommonParameters.ByteOrderMark) == true && format == ReportFormat.Csv;
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
