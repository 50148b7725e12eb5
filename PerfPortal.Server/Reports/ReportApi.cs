using System.Text;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls.Reports;
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
        .WithDescription("Contains the summary, statistics per metric type and operation name, resources, bottlenecks, recommendations, score, trends and the comparison with the previous period. The default window is 24 hours. Forecasts are not included yet.")
        .Produces<PerformanceReport>(StatusCodes.Status200OK, "application/json", "text/csv", "text/html", "text/markdown")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> ReadAsync(
        [AsParameters] ReportQuery query, ReportReader reader, ReportWriter writer, TimeProvider time, HttpContext context)
    {
        var errors = new List<ValidationError>();
        if (!TimeRangeParser.TryParse(new(query.From, query.To, query.Window, query.Tz), time.GetUtcNow(), ReportReader.DefaultWindow, out var range, out var rangeErrors))
        {
            errors.AddRange(rangeErrors.Select(error => new ValidationError($"{error.Field}: {error.Detail}", "/" + error.Field)));
        }

        if (!ReportFormats.TryParse(query.Format, out var format))
        {
            errors.Add(new($"format must be one of {string.Join(", ", ReportFormats.Names)}.", "/format"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        string? source = string.IsNullOrEmpty(query.Source) ? null : query.Source;
        var report = await reader.ReadAsync(range, source, context.RequestAborted).ConfigureAwait(false);
        string name = $"performance-report-{ReportTexts.Time(report.Range.To).Replace(' ', '-').Replace(":", "", StringComparison.Ordinal)}.{format.Extension()}";
        context.Response.Headers.ContentDisposition = $"{(format is ReportFormat.Csv or ReportFormat.Markdown ? "attachment" : "inline")}; filename=\"{name}\"";
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.Text(await writer.WriteAsync(report, format).ConfigureAwait(false), format.ContentType(), Encoding.UTF8);
    }

    /// <summary>The query parameters of a report.</summary>
    internal sealed record ReportQuery
    {
        /// <summary>The length of a window that ends now, such as <c>24h</c>.</summary>
        public string? Window { get; init; }

        /// <summary>The start: RFC 3339, Unix milliseconds or relative.</summary>
        public string? From { get; init; }

        /// <summary>The end, in the same formats.</summary>
        public string? To { get; init; }

        /// <summary>The IANA time zone of relative times.</summary>
        public string? Tz { get; init; }

        /// <summary>The source; all by default.</summary>
        public string? Source { get; init; }

        /// <summary><c>json</c>, <c>csv</c>, <c>html</c> or <c>markdown</c>.</summary>
        public string? Format { get; init; }
    }
}
