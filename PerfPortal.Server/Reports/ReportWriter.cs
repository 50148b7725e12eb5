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
        _ => JsonSerializer.Serialize(report, WireJson.Options),
    };

    private async Task<string> WriteHtmlAsync(PerformanceReport report)
    {
        // The renderer needs scoped services, which a development host does not provide outside a scope.
        await using var scope = services.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logging);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportDocument.Report)] = report });
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReportDocument>(parameters)).ToHtmlString()).ConfigureAwait(false);
    }
}
