using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Comparison;

namespace PerfPortal.Server.Pages.Benchmarks;

/// <summary>Compares every operation name with a baseline, with a verdict suitable for a deployment gate.</summary>
public sealed partial class Benchmarks
{
    private readonly IReadOnlyList<TableColumn<ComparedStatistics>> _columns = BenchmarkColumns.All;

    private BenchmarkAnswer? _answer;
    private CurrentUser _caller = CurrentUser.Unknown;
    private string? _loadedBaseline;

    /// <summary><c>pinned</c>, or <see langword="null"/> for the previous period.</summary>
    [SupplyParameterFromQuery(Name = "baseline")]
    private string? Baseline { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "type")]
    private string? TypeName { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "columns")]
    private string? Columns { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Page { get; set; }

    [Inject]
    private BenchmarkReader Reader { get; set; } = default!;

    [Inject]
    private BaselineSettings Settings { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private HeavyReads Heavy { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private bool IsPinned => Baseline == "pinned";

    private MetricType? Type => MetricTypes.TryParse(TypeName, out var type) ? type : null;

    private IReadOnlyList<ComparedStatistics> Shown => ComparisonRows.Shown(_answer?.Items ?? [], Type, Text, Sort);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && Baseline != _loadedBaseline)
        {
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _loadedBaseline = Baseline;
        var caller = await CurrentUser.OfAsync(Authentication);
        var pinned = IsPinned ? (await Settings.ReadAsync(cancellationToken)).Pinned?.Range() : null;
        var answer = await Heavy.RunAsync(HeavyRead.Comparison, () => Reader.ReadAsync(new(Range, Filter, pinned), cancellationToken), cancellationToken);
        (_caller, _answer) = (caller, answer);
    }

    private static string Snapped(AnsweredRange range) => range.Resolution == "exact" ? "" : $" (whole {range.Resolution}s)";

    /// <summary>Changes what is listed; the first page shows the result.</summary>
    private void Narrow(string name, string? value, bool replace = false) => Url.Set([new(name, value), new("page", null)], replace);

    private void ClearFilters() => Url.Set([new("type", null), new("q", null), new("page", null)]);

    private string? Operations(ComparedStatistics item) => State.Href($"/operations?metric_type={item.MetricType?.WireName()}&name={Uri.EscapeDataString(item.Name!)}");
}
