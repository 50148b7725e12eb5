using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>
/// Exports the operations of the Operations page with the same filter and order, at most <see cref="MaxRows"/> of them.
/// A truncated file is marked by the header <c>X-Truncated</c> and by a note at its end.
/// </summary>
internal static class ExportApi
{
    /// <summary>The maximum number of operations in a file.</summary>
    public const int MaxRows = 100_000;

    // Each page is read completely before it is sent, so that a slow client does not keep a read transaction open. Pages are large because
    // every page sorts the whole range again.
    private const int PageRows = 10_000;
    private const int SentCharacters = 64 * 1024;
    private const string Cut = "Truncated after 100,000 operations. Narrow the range or the filter to export the rest.";

    /// <summary>Maps <c>/export/operations.csv</c>, <c>/export/operations.json</c> and <c>/export/operations.ndjson</c>; a portal imports the last two as a batch.</summary>
    public static void MapExportApi(this RouteGroupBuilder group)
    {
        group.MapGet("/operations.csv", (HttpContext context, IOperationReader reader, TimeProvider time) => ExportAsync(context, reader, time, "csv", "text/csv; charset=utf-8", WriteCsvAsync))
            .WithName("ExportOperationsCsv").Produces<string>(contentType: "text/csv").Exports("Export operations as CSV");
        group.MapGet("/operations.json", (HttpContext context, IOperationReader reader, TimeProvider time) => ExportAsync(context, reader, time, "json", "application/json; charset=utf-8", WriteJsonAsync))
            .WithName("ExportOperationsJson").Produces<OperationExport>().Exports("Export operations as JSON");
        group.MapGet("/operations.ndjson", (HttpContext context, IOperationReader reader, TimeProvider time) => ExportAsync(context, reader, time, "ndjson", "application/x-ndjson", WriteLinesAsync))
            .WithName("ExportOperationsNdjson").Produces<string>(contentType: "application/x-ndjson").Exports("Export operations as NDJSON");
    }

    private static void Exports(this RouteHandlerBuilder route, string summary) => route
        .Heavy(HeavyRead.Export)
        .WithParameters(RangeParameters.Hour, CommonParameters.Source, OperationView.Filters, CommonParameters.MetricType, CommonParameters.ByteOrderMark)
        .WithResponseHeader("Content-Disposition", "Names the file.")
        .WithResponseHeader("X-Truncated", "true when the file ends before the last matching operation, otherwise false.")
        .WithSummary(summary)
        .WithDescription(FormattableString.Invariant($"All matching operations, at most {MaxRows:#,0}. A longer result is truncated, as indicated by X-Truncated and a note at the end of the file."));

    private static async Task<IResult> ExportAsync(
        HttpContext context, IOperationReader reader, TimeProvider time, string ending, string mediaType, Func<HttpResponse, IOperationReader, OperationQuery, CancellationToken, Task> write)
    {
        var parameters = new QueryReader(context, time);
        var range = parameters.Read(RangeParameters.Hour);
        var view = OperationView.Read(parameters, parameters.Read(CommonParameters.MetricType));
        string? source = parameters.Read(CommonParameters.Source);
        bool hasMark = parameters.Read(CommonParameters.ByteOrderMark) == true && ending == "csv";
        if (!parameters.IsValid)
        {
            return parameters.Problem;
        }

        var query = new OperationQuery(range, view.ToFilter(source), view.Order, PageRows, null);
        var response = context.Response;
        string stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        response.ContentType = mediaType;
        response.Headers.ContentDisposition = $"attachment; filename=\"operations-{stamp}.{ending}\"";
        response.Headers.CacheControl = "private, no-store";
        response.Headers["X-Truncated"] = await HasMoreAsync(reader, query, context.RequestAborted).ConfigureAwait(false) ? "true" : "false";
        if (hasMark)
        {
            await response.WriteAsync(CsvWriter.Mark, context.RequestAborted).ConfigureAwait(false);
        }

        await write(response, reader, query, context.RequestAborted).ConfigureAwait(false);
        return Results.Empty;
    }

    /// <summary>Counts the rows up to the limit, because the header is sent before them.</summary>
    private static async Task<bool> HasMoreAsync(IOperationReader reader, OperationQuery query, CancellationToken cancellationToken)
    {
        int rows = 0;
        await reader.ScanAsync(query.Range, query.Filter, _ => ++rows <= MaxRows, cancellationToken).ConfigureAwait(false);
        return rows > MaxRows;
    }

    private static async Task WriteCsvAsync(HttpResponse response, IOperationReader reader, OperationQuery query, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var csv = new CsvWriter(text);
        OperationCsv.WriteHeader(csv);
        bool isCut = await ForEachPageAsync(
            reader, query,
            async page =>
            {
                foreach (var operation in page.Items)
                {
                    OperationCsv.Write(csv, operation);
                    if (text.Length >= SentCharacters)
                    {
                        await SendAsync().ConfigureAwait(false);
                    }
                }

                await SendAsync().ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        if (isCut)
        {
            await response.WriteAsync($"# {Cut}\r\n", cancellationToken).ConfigureAwait(false);
        }

        async Task SendAsync()
        {
            await response.WriteAsync(text.ToString(), cancellationToken).ConfigureAwait(false);
            text.Clear();
        }
    }

    private static async Task WriteJsonAsync(HttpResponse response, IOperationReader reader, OperationQuery query, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = WireJson.Options.Encoder });
        json.WriteStartObject();
        json.WriteStartObject("range");
        json.WriteString("from", WireJson.Text(query.Range.From));
        json.WriteString("to", WireJson.Text(query.Range.To));
        json.WriteEndObject();
        json.WriteStartArray("items");
        bool isCut = await ForEachPageAsync(
            reader, query,
            async page =>
            {
                foreach (var operation in page.Items)
                {
                    JsonSerializer.Serialize(json, OperationBody.Of(operation), WireJson.Options);
                }

                await json.FlushAsync(cancellationToken).ConfigureAwait(false);
                await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        json.WriteEndArray();
        json.WriteBoolean("truncated", isCut);
        if (isCut)
        {
            json.WriteString("note", Cut);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes one operation per line. A line that states the truncation would not be an operation, so only the header states it.</summary>
    private static async Task WriteLinesAsync(HttpResponse response, IOperationReader reader, OperationQuery query, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = WireJson.Options.Encoder });
        await ForEachPageAsync(
            reader, query,
            async page =>
            {
                foreach (var operation in page.Items)
                {
                    JsonSerializer.Serialize(json, OperationBody.Of(operation), WireJson.Options);
                    json.Flush();
                    json.Reset();
                    response.BodyWriter.Write("\n"u8);
                }

                await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> ForEachPageAsync(IOperationReader reader, OperationQuery query, Func<OperationPage, Task> each, CancellationToken cancellationToken)
    {
        for (int rows = 0; ;)
        {
            var page = await reader.ReadPageAsync(query, cancellationToken).ConfigureAwait(false);
            await each(page).ConfigureAwait(false);
            rows += page.Items.Count;
            if (page.Next is null || rows >= MaxRows)
            {
                return page.Next is not null;
            }

            query = query with { After = page.Next };
        }
    }
}

/// <summary>Exported operations.</summary>
/// <param name="Range">The exported range.</param>
/// <param name="Items">The operations.</param>
/// <param name="Truncated">Whether the export ends before the last matching operation.</param>
/// <param name="Note">What to do about a truncated export; missing otherwise.</param>
internal sealed record OperationExport(ExportRange Range, IReadOnlyList<OperationBody> Items, bool Truncated, [property: OptionalMember] string Note);

/// <summary>The range of an export.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
internal sealed record ExportRange(DateTimeOffset From, DateTimeOffset To);
