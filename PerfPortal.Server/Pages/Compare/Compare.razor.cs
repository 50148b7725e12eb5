using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Comparison;

namespace PerfPortal.Server.Pages.Compare;

/// <summary>Compares two periods per type and name.</summary>
public sealed partial class Compare
{
    private PeriodComparison? _comparison;
    private string? _baseError;

    /// <summary>Whether only all names together are worse, so that no name below is called regressed.</summary>
    private bool _isOnlyTogether;
    private (string?, string?) _loadedBase;

    [SupplyParameterFromQuery(Name = "base_from")]
    private string? BaseFrom { get; set; }

    [SupplyParameterFromQuery(Name = "base_to")]
    private string? BaseTo { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "type")]
    private string? TypeName { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Page { get; set; }

    [Inject]
    private PeriodComparer Comparer { get; set; } = default!;

    [Inject]
    private HeavyReads Heavy { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private string SortOrDefault => Sort ?? ComparisonRows.DefaultSort;

    private MetricType? Type => MetricTypes.TryParse(TypeName, out var type) ? type : null;

    private IReadOnlyList<ComparedStatistics> Types => ComparisonRows.Shown(_comparison?.Types ?? [], null, null, Sort);

    private IReadOnlyList<ComparedStatistics> Names => ComparisonRows.Shown(_comparison?.Names ?? [], Type, Text, Sort);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && (BaseFrom, BaseTo) != _loadedBase)
        {
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _loadedBase = (BaseFrom, BaseTo);
        BasePeriod.TryRead(BaseFrom, BaseTo, State.Range.TimeZone, Range, State.AsOf, out var period, out _baseError);
        _comparison = await Heavy.RunAsync(HeavyRead.Comparison, () => Comparer.CompareAsync(Range, period, Filter, cancellationToken), cancellationToken);
        _isOnlyTogether = ComparisonRows.IsWorseOnlyTogether(_comparison);
    }

    private static string Snapped(AnsweredRange range) => range.Resolution == "exact" ? "" : $" (whole {range.Resolution}s)";

    private static string Summary(IReadOnlyList<ComparedStatistics> names) => string.Join(", ", new[]
    {
        (Verdict.Regressed, "regressed"), (Verdict.Improved, "improved"), (Verdict.Unchanged, "unchanged"), (Verdict.InsufficientData, "without enough data"),
    }.Select(verdict => $"{Format.Count(names.LongCount(item => item.Judgement.Verdict == verdict.Item1))} {verdict.Item2}"));

    private void SetSort(string sort) => Narrow("sort", sort);

    /// <summary>Changes what is listed; the first page shows the result.</summary>
    private void Narrow(string name, string? value, bool replace = false) => Url.Set([new(name, value), new("page", null)], replace);

    private string? Operations(ComparedStatistics item) => State.Href($"/operations?metric_type={item.MetricType?.WireName()}&name={Uri.EscapeDataString(item.Name!)}");
}
