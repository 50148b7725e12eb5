using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Reports;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Report;

/// <summary>The report over the selected range, for reading, printing and saving. It does not update automatically.</summary>
public sealed partial class Report
{
    private PerformanceReport? _report;
    private (RangeRequest, string?)? _of;

    [Inject]
    private ReportReader Reader { get; set; } = default!;

    [Inject]
    private HeavyReads Heavy { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var asked = (State.Range, State.Source);
        if (_report is not null && _of == asked)
        {
            return;
        }

        _report = await Heavy.RunAsync(HeavyRead.Comparison, () => Reader.ReadAsync(Range, State.Source, cancellationToken), cancellationToken);
        _of = asked;
    }

    private Task RegenerateAsync()
    {
        _of = null;
        return ReloadAsync();
    }

    private string Download(string format) => State.Href($"{ApiRoutes.Root}/report?format={format}{(format == "csv" ? "&bom=true" : "")}");

    private string FileName(string format) =>
        $"performance report {Clock.Format(State.Current.To, TimePrecision.Minute).Replace(':', '-')}.{(format == "markdown" ? "md" : format)}";

    private async Task PrintAsync() => await Js.InvokeVoidAsync("print");
}
