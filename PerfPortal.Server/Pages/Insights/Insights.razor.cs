using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Pages.Insights;

/// <summary>Shows the score, bottlenecks, recommendations and trends.</summary>
public sealed partial class Insights
{
    private static readonly IReadOnlyList<string> Tabs = [.. RecommendationStates.WireNames, "all"];

    private AnalysisResult? _analysis;
    private IReadOnlyList<Recommendation> _recommendations = [];
    private CurrentUser _caller = CurrentUser.Unknown;
    private string? _run;
    private string? _actionError;
    private bool _isRunning;

    /// <summary>The recommendations to show: a state or <c>all</c>.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    private string? Chosen { get; set; }

    /// <summary>The key of the finding whose evidence is shown.</summary>
    [SupplyParameterFromQuery]
    private string? Finding { get; set; }

    [Inject]
    private AnalysisService Analysis { get; set; } = default!;

    [Inject]
    private RecommendationReader Recommendations { get; set; } = default!;

    [Inject]
    private RecommendationLedger Ledger { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <summary>The selected tab. A link to a recommendation selects the tab of its state.</summary>
    private string Tab => Tabs.Contains(Chosen) ? Chosen!
        : _recommendations.FirstOrDefault(item => item.Id == Finding)?.State.WireName() ?? Tabs[0];

    private IEnumerable<Recommendation> Shown => _recommendations.Where(item => Belongs(item, Tab));

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var caller = await CurrentUser.OfAsync(Authentication);
        var analysis = await Analysis.GetAsync(State.Source, cancellationToken);
        var recommendations = await Recommendations.ListAsync(State.Source, cancellationToken);
        (_caller, _analysis, _recommendations) = (caller, analysis, recommendations);
    }

    private static bool Belongs(Recommendation item, string tab) =>
        tab == "all" || (item.State.WireName() == tab && (item.State != RecommendationState.Open || RecommendationReader.IsOpen(item)));

    private static string Many(int count, string what) => $"{Format.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private long Count(string tab) => _recommendations.LongCount(item => Belongs(item, tab));

    private void Toggle(string key) => Url.Set("finding", Finding == key ? null : key);

    private async Task RunAsync()
    {
        if (_isRunning || !(await CurrentUser.OfAsync(Authentication)).CanDecide)
        {
            return;
        }

        (_isRunning, _actionError) = (true, null);
        try
        {
            var result = await Analysis.RunAsync(State.Source, CancellationToken.None);
            _run = $"Analysed {Format.Count(result.OperationsExamined)} operations and {Format.Count(result.SamplesExamined)} minutes of samples from "
                + $"{Clock.Format(result.Range.From, TimePrecision.Minute)} to {Clock.Format(result.Range.To, TimePrecision.Minute)} in {Format.Seconds(result.Milliseconds / 1000)}: "
                + $"{Many(result.Bottlenecks.Count, "bottleneck")}, {Many(result.Recommendations.Count, "recommendation")}.";
        }
        catch (Exception exception)
        {
            _actionError = $"The analysis failed: {exception.Message} The last result is shown below.";
        }
        finally
        {
            _isRunning = false;
        }

        await ReloadAsync();
    }

    private async Task DecideAsync(RecommendationDecision decision)
    {
        var caller = await CurrentUser.OfAsync(Authentication);
        if (!caller.CanDecide)
        {
            _actionError = "Not changed: to decide on recommendations, sign in with a key with the report or admin scope.";
            return;
        }

        try
        {
            var decided = decision.State switch
            {
                RecommendationState.Applied => await Ledger.ApplyAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
                RecommendationState.Dismissed => await Ledger.DismissAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
                _ => await Ledger.ReopenAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
            };
            _actionError = decided is null ? "Not changed: this recommendation is no longer stored." : null;
        }
        catch (Exception exception)
        {
            _actionError = $"Not changed: {exception.Message}";
        }

        await ReloadAsync();
    }
}
