using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views.Findings;
using Severity = MudBlazor.Severity;

namespace PerfPortal.Server.Pages.Insights;

/// <summary>Shows the score, incidents, bottlenecks, recommendations, trends and markers.</summary>
public sealed partial class Insights
{
    private const string Past = "past";
    private const string All = "all";
    private const int MaxFindings = 10;

    private static readonly IReadOnlyList<string> Tabs = [.. RecommendationStates.WireNames, Past, All];

    private AnalysisResult? _analysis;
    private IReadOnlyList<RecommendationGroup> _groups = [];
    private Stories _stories = new([], [], []);
    private IReadOnlyList<Marker> _markers = [];

    /// <summary>The key that the address had when the page was opened or a link was followed: its card is highlighted, and brought into view once it is there.</summary>
    private string? _linked;
    private string? _seen;
    private string? _toggled;
    private bool _mustReveal;
    private bool _showsAll;
    private CurrentUser _caller = CurrentUser.Unknown;
    private bool _isRunning;
    private ElementReference _recommendationsTitle;

    /// <summary>The decision that the page is about to show.</summary>
    private RecommendationDecision? _shown;

    /// <summary>The recommendations to show: a state, <c>past</c> or <c>all</c>.</summary>
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
    private InsightEngine Engine { get; set; } = default!;

    [Inject]
    private FindingReader Findings { get; set; } = default!;

    [Inject]
    private IncidentReader Incidents { get; set; } = default!;

    [Inject]
    private MarkerReader Markers { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private RecommendationDecider Decider { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <summary>The selected tab. A link to a recommendation selects the tab of its state.</summary>
    private string Tab => Tabs.Contains(Chosen) ? Chosen! : _groups.FirstOrDefault(group => group.Has(Finding)) is { } found ? TabOf(found) : Tabs[0];

    /// <summary>The most urgent findings first; the one that is linked to is always among them.</summary>
    private IReadOnlyList<Story> Shown =>
        _showsAll || _stories.Incidents.Skip(MaxFindings).Any(story => story.Has(Finding)) ? _stories.Incidents : [.. _stories.Incidents.Take(MaxFindings)];

    /// <summary>Whether the address names something that is not there any more.</summary>
    private bool IsUnknown => Finding is { Length: > 0 } && ElementOf(Finding) is null;

    /// <summary>The range of the page and the time that the rest of the page covers.</summary>
    private TimeRange FindingRange => State.Current is var range && State.AsOf - AnalysisInput.Window is var day && range.From < day ? range : new(day, State.AsOf);

    private int TabIndex => Tabs.Index().First(tab => tab.Item == Tab).Index;

    /// <summary>The recommendation whose evidence is shown. The same cause can have several groups, in different states.</summary>
    private RecommendationGroup? Opened => Of(Tab).FirstOrDefault(group => group.Has(Finding));

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var caller = await CurrentUser.OfAsync(Authentication);
        var analysis = await Analysis.GetAsync(State.Source, cancellationToken);
        var groups = RecommendationGroups.Of(await Recommendations.ListAsync(State.Source, cancellationToken));
        var findings = (await Findings.ListAsync(new(FindingRange, new() { Source = State.Source }), cancellationToken)).ToList();

        // A link may lead to a finding of another time or source.
        if (Finding is { Length: > 0 } linked && !findings.Exists(finding => finding.Id == linked) && await Findings.FindAsync(linked, cancellationToken) is { } other)
        {
            findings.Add(other);
        }

        var stories = Stories.Of(await Incidents.OfAsync(findings, cancellationToken), analysis.Bottlenecks, groups);
        var markers = await Markers.ListAsync(FindingRange, State.Source, cancellationToken);
        (_caller, _analysis, _groups, _stories, _markers) = (caller, analysis, groups, stories, markers);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Finding == _seen)
        {
            return;
        }

        // What the user opens or closes on the page itself is in view already.
        bool isLink = Finding is { Length: > 0 } && Finding != _toggled;
        (_seen, _linked, _mustReveal) = (Finding, isLink ? Finding : null, isLink);
        if (isLink && IsLoaded && ElementOf(Finding!) is null)
        {
            await ReloadAsync();
        }
    }

    /// <summary>The card or the message that had the focus is gone once a decision is shown; the focus would be lost to the document.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (_mustReveal && IsLoaded)
        {
            _mustReveal = false;
            await Reveal.ShowAsync(Js, Finding is { Length: > 0 } key ? ElementOf(key) : null);
        }

        if (_shown is { } decision && _groups.Any(group => group.State == decision.State && group.Has(decision.Id)))
        {
            _shown = null;
            await _recommendationsTitle.FocusAsync(preventScroll: true);
        }
    }

    /// <summary>Every recommendation is in exactly one tab besides the last, so that the counts add up.</summary>
    private static string TabOf(RecommendationGroup group) => group.IsPast ? Past : group.State.WireName();

    private static (string What, string Why) NothingIn(string tab) => tab switch
    {
        "open" => ("No open recommendations.", "Recommendations appear when measured values meet their conditions."),
        Past => ("No past recommendations.", "Recommendations move here when the latest analysis no longer makes them and no decision was made."),
        All => ("No recommendations yet.", "Recommendations appear when measured values meet their conditions."),
        _ => ($"No {tab} recommendations.", "No recommendation has this state yet."),
    };

    /// <summary>The recommendations of a tab that are not told with an incident; the last tab lists all of them.</summary>
    private IEnumerable<RecommendationGroup> Alone(string tab) => tab == All ? Of(tab) : Of(tab).Where(_stories.Recommendations.Contains);

    private static string Told(int count) => count == 1 ? "1 is" : $"{Format.Count((long)count)} are";

    /// <summary>The id of the element of what a key names; <see langword="null"/> when there is none.</summary>
    private string? ElementOf(string key) =>
        _stories.Incidents.Any(story => story.Incident.Findings.Any(finding => finding.Id == key)) ? "finding-" + key
        : _analysis?.Bottlenecks.Any(bottleneck => FindingLinks.KeyOf(bottleneck) == key) == true ? BottleneckCard.ElementOf(key)
        : _groups.FirstOrDefault(group => group.Has(key)) is { } found ? "finding-" + found.Id
        : null;

    private IEnumerable<RecommendationGroup> Of(string tab) => _groups.Where(group => tab == All || TabOf(group) == tab);

    private void ShowTab(int index)
    {
        if (index != TabIndex)
        {
            Url.Set([new("state", index == 0 ? null : Tabs[index]), new("finding", null)]);
        }
    }

    private void Toggle(string key)
    {
        _toggled = Finding == key ? null : key;
        Url.Set("finding", _toggled);
    }

    private async Task RunAsync()
    {
        if (_isRunning || !(await CurrentUser.OfAsync(Authentication)).CanDecide)
        {
            return;
        }

        _isRunning = true;
        try
        {
            var result = await Analysis.RunAsync(State.Source, CancellationToken.None);
            Snackbar.Add(
                $"Analysed {Many(result.OperationsExamined, "operation")} and {Many(result.SamplesExamined, "minute")} of samples from "
                    + $"{Clock.Format(result.Range.From, TimePrecision.Minute)} to {Clock.Format(result.Range.To, TimePrecision.Minute)} in {Format.Seconds(result.Milliseconds / 1000)}: "
                    + $"{Many(result.Bottlenecks.Count, "bottleneck")}, {Many(RecommendationGroups.Of(result.Recommendations).Count, "recommendation")}.",
                Severity.Success);
        }
        catch (Exception exception)
        {
            Snackbar.Add($"The analysis failed: {exception.Message} The last result is shown.", Severity.Error);
        }
        finally
        {
            _isRunning = false;
        }

        await ReloadAsync();
    }

    private async Task DecideAsync(RecommendationGroup group, RecommendationState state)
    {
        var parameters = new DialogParameters<DecisionDialog> { { dialog => dialog.Group, group }, { dialog => dialog.State, state } };
        var dialog = await Dialogs.ShowAsync<DecisionDialog>(RecommendationCard.Verb(state), parameters);
        if (await dialog.Result is { Canceled: false, Data: IReadOnlyList<RecommendationDecision> decisions })
        {
            await ApplyAsync(group, decisions, group.Title);
        }
    }

    private async Task ApplyAsync(RecommendationGroup group, IReadOnlyList<RecommendationDecision> decisions, string title)
    {
        if (await Decider.DecideAsync(await CurrentUser.OfAsync(Authentication), decisions) is { } problem)
        {
            Snackbar.Add(problem, Severity.Error);
        }
        else
        {
            _shown = decisions[0];
            RecommendationDecision[] before = [.. group.Members.Where(member => decisions.Any(one => one.Id == member.Id)).Select(member => new RecommendationDecision(member.Id, member.State, member.Note))];
            Snackbar.Add($"{RecommendationCard.Decided(decisions[0].State)}: {title}", Severity.Success, options =>
            {
                options.Action = "Undo";
                options.OnClick = _ => InvokeAsync(() => UndoAsync(before, title));
            });
        }

        await ReloadAsync();
        StateHasChanged();
    }

    private async Task UndoAsync(RecommendationDecision[] before, string title)
    {
        string? problem = await Decider.DecideAsync(await CurrentUser.OfAsync(Authentication), before);
        _shown = problem is null ? before[0] : null;
        Snackbar.Add(problem ?? $"Undone: {title}", problem is null ? Severity.Success : Severity.Error);
        await ReloadAsync();
        StateHasChanged();
    }

    private static string Many(long count, string what) => $"{Format.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
