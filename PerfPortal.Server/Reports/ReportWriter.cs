using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Reports;

/// <summary>Writes a report in any format.</summary>
internal sealed class ReportWriter(IServiceProvider services, ILoggerFactory logging)
{
    /// <summary>Writes the report.</summary>
    public async Task<string> WriteAsync(PerformanceReport report, ReportFormat format) => format switch
    {
        ReportFormat.Csv => ReportCsv.Write(report),
        ReportFormat.Html => await WriteHtmlAsync(report).ConfigureAwait(false),
        ReportFormat.Markdown => ReportMarkdown.Write(report),
        _ => JsonSerializer.Serialize(report, ReportJson.Options),
    };

    private async Task<string> WriteHtmlAsync(PerformanceReport report)
    {
        // The renderer takes scoped services, which a development host refuses to give from the root.
        await using var scope = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logging);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportDocument.Report)] = report });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReportDocument>(parameters)).ToHtmlString()).ConfigureAwait(false);
    }
}

/// <summary>The JSON format of reports.</summary>
internal static class ReportJson
{
    /// <summary>The common options plus time ranges as <c>from</c> and <c>to</c>.</summary>
    public static JsonSerializerOptions Options { get; } = new(WireJson.Options) { Converters = { new StretchConverter() } };

    private sealed class StretchConverter : System.Text.Json.Serialization.JsonConverter<Domain.Statistics.TimeRange>
    {
        public override Domain.Statistics.TimeRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Reports cannot be deserialized.");

        public override void Write(Utf8JsonWriter writer, Domain.Statistics.TimeRange value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("from", WireJson.Text(value.From));
            writer.WriteString("to", WireJson.Text(value.To));
            writer.WriteEndObject();
        }
    }
}
