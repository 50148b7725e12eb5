using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views.Alerts;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Shows what fires, what is silenced, what fired before, and who decides about that: rules and receivers.</summary>
public sealed partial class AlertsPage
{
    private const int Step = 25;
    private const int MaxDeliveries = 50;

    /// <summary>What happened in 30 days changes little in ten minutes.</summary>
    private static readonly TimeSpan NoiseFresh = TimeSpan.FromMinutes(10);

    /// <summary>How often other tabs look whether a receiver fails.</summary>
    private static readonly TimeSpan ReceiversFresh = TimeSpan.FromSeconds(15);

    private static readonly IReadOnlyList<string> Tabs = ["firing", "pending", "silences", "history", "rules", "receivers"];

    private AlertBook? _book;
    private IReadOnlyList<AlertRule> _rules = [];
    private IReadOnlyList<Silence> _silences = [];
    private IReadOnlyList<Alert> _history = [];
    private IReadOnlyList<ReceiverView> _receivers = [];
    private DateTimeOffset? _receiversAt;
    private IReadOnlyList<DeliveryView> _deliveries = [];
    private CurrentUser _caller = CurrentUser.Unknown;
    private AlertActions? _actions;
    private Dictionary<string, NoiseReport> _noise = [];
    private DateTimeOffset? _noiseAt;
    private int _shown = Step;
    private (string Tab, string? RuleId) _loaded;

    /// <summary>The selected tab.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    private string? Chosen { get; set; }

    /// <summary>The rule to which the history is limited.</summary>
    [SupplyParameterFromQuery(Name = "rule")]
    private string? RuleId { get; set; }

    [Inject]
    private AlertReader Alerts { get; set; } = default!;

    [Inject]
    private AlertRuleBook Rules { get; set; } = default!;

    [Inject]
    private AlertNoise Noise { get; set; } = default!;

    [Inject]
    private SilenceKeeper Silences { get; set; } = default!;

    [Inject]
    private DeliveryReader Deliveries { get; set; } = default!;

    [Inject]
    private AlertDecider Decider { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private UrlState Url { get; set; } = default!;

    [Inject]
    private BrowserClock Clock { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private AlertActions Actions => _actions ??= new(Dialogs, Snackbar, Decider, Authentication, ShowAsync);

    private string Tab => Chosen is not null && Tabs.Contains(Chosen) ? Chosen : Tabs[0];

    private int TabIndex => Tabs.Index().First(tab => tab.Item == Tab).Index;

    private IReadOnlyList<Alert> Firing => Of(alert => alert.State.IsActive());

    private IReadOnlyList<Alert> Pending => Of(alert => alert.State == AlertState.Pending);

    private int AcknowledgedCount => Firing.Count(alert => alert.Acknowledged is not null);

    private int MutedCount => Firing.Count(alert => alert.Acknowledged is null && alert.MutedBy is not null);

    /// <summary>The alerts that fire and that nobody has to deal with any more.</summary>
    private string Attended =>
        (AcknowledgedCount > 0 ? $", {Format.Count(AcknowledgedCount)} acknowledged" : "") + (MutedCount > 0 ? $", {Format.Count(MutedCount)} muted" : "");

    /// <summary>The number that navigation, title and dashboard show too.</summary>
    private string Attention
    {
        get
        {
            int left = Firing.Count - AcknowledgedCount - MutedCount;
            int elsewhere = (_book?.Unattended.Count() ?? 0) - left;
            return $"{(left == 0 ? "None needs" : left == 1 ? "1 needs" : $"{Format.Count(left)} need")} attention: firing, neither acknowledged nor muted."
                + (elsewhere > 0 ? $" {Format.Count(elsewhere)} more on other sources." : "");
        }
    }

    private string NothingFires
    {
        get
        {
            int rules = _rules.Count(rule => rule.IsEnabled);
            return _book?.EvaluatedAt is { } at
                ? $"{Format.Count(rules)} {(rules == 1 ? "rule was" : "rules were")} evaluated at {Clock.Format(at, TimePrecision.TimeOfDay)[..5]}."
                : $"{Format.Count(rules)} {(rules == 1 ? "rule is" : "rules are")} evaluated within a minute after the start.";
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        string tab = Tab;
        string? ruleId = RuleId;
        var caller = await CurrentUser.OfAsync(Authentication);
        var book = await Alerts.ReadBookAsync(cancellationToken);
        var rules = (await Rules.ReadAsync(cancellationToken)).Rules;
        if (tab == "history")
        {
            _history = await Alerts.ListFiredAsync(new(Range) { RuleId = ruleId, Source = State.Source }, AlertReader.MaxItems, cancellationToken);
        }
        else if (tab == "silences")
        {
            _silences = await Silences.ListAsync(cancellationToken);
        }
        else if (tab == "rules" && !(Time.GetUtcNow() - _noiseAt < NoiseFresh))
        {
            _noise = await ReadNoiseAsync(rules, cancellationToken);
            _noiseAt = Time.GetUtcNow();
        }
        else if (tab == "receivers" && caller.IsAdmin)
        {
            _deliveries = await Deliveries.ListAsync(null, null, MaxDeliveries, cancellationToken);
        }

        if (caller.IsAdmin && (tab == "receivers" || !(Time.GetUtcNow() - _receiversAt < ReceiversFresh)))
        {
            _receivers = await Deliveries.ListReceiversAsync(cancellationToken);
            _receiversAt = Time.GetUtcNow();
        }

        (_book, _rules, _caller, _loaded) = (book, rules, caller, (tab, ruleId));
    }

    /// <summary>Another tab, or another rule, has data of its own.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (_book is not null && _loaded != (Tab, RuleId))
        {
            _shown = Step;
            await ReloadAsync();
        }
    }

    /// <summary>Rules that did not fire have no noise, and are not read one by one.</summary>
    private async Task<Dictionary<string, NoiseReport>> ReadNoiseAsync(IReadOnlyList<AlertRule> rules, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var fired = (await Alerts.ListFiredAsync(new(new(now - AlertNoise.Period, now)), AlertReader.MaxItems, cancellationToken)).Select(alert => alert.RuleId).ToHashSet();
        var noise = new Dictionary<string, NoiseReport>(StringComparer.Ordinal);
        foreach (var rule in rules.Where(rule => fired.Contains(rule.Id)))
        {
            noise[rule.Id] = await Noise.ReadAsync(rule, cancellationToken);
        }

        return noise;
    }

    private string TitleOf(string tab)
    {
        string title = char.ToUpperInvariant(tab[0]) + tab[1..];
        return tab switch
        {
            "firing" => $"{title} ({Format.Count(Firing.Count)}{Attended})",
            "pending" => $"{title} ({Format.Count(Pending.Count)})",
            "rules" => $"{title} ({Format.Count(_rules.Count)})",
            "receivers" when _receivers.Count(one => one.Health.IsFailing) is > 0 and var failing => $"{title} ({Format.Count(failing)} failing)",
            _ => title,
        };
    }

    private IReadOnlyList<Alert> Of(Func<Alert, bool> passes) =>
        [.. (_book?.Current ?? []).Where(alert => passes(alert) && (State.Source is null || alert.Subject.Source is null || alert.Subject.Source == State.Source))];

    private void ShowTab(int index)
    {
        if (index != TabIndex)
        {
            Url.Set([new("tab", index == 0 ? null : Tabs[index]), new("rule", null)]);
        }
    }

    private Task ShowAsync() => InvokeAsync(async () =>
    {
        await ReloadAsync();
        StateHasChanged();
    });

    private async Task SwitchAsync(AlertRule rule)
    {
        if (!(await CurrentUser.OfAsync(Authentication)).IsAdmin)
        {
            Snackbar.Add("Not changed. " + AlertDecider.NeedsAdmin, MudBlazor.Severity.Error);
            return;
        }

        var change = await Rules.UpdateAsync(rule with { IsEnabled = !rule.IsEnabled }, rule.Version, CancellationToken.None);
        if (change is { Outcome: RuleOutcome.Done, Rule: { } changed })
        {
            Snackbar.AddWithUndo($"{(changed.IsEnabled ? "On" : "Off")}: {rule.Name}", async () =>
            {
                // A built-in rule that was not edited follows the thresholds again.
                var undone = rule is { IsBuiltIn: true, Version: 0 }
                    ? await Rules.DeleteAsync(rule.Id, changed.Version, CancellationToken.None)
                    : await Rules.UpdateAsync(rule, changed.Version, CancellationToken.None);
                if (undone.Outcome != RuleOutcome.Done)
                {
                    Snackbar.Add(RuleWords.Of(undone), MudBlazor.Severity.Error);
                }

                await ShowAsync();
            });
        }
        else
        {
            Snackbar.Add(RuleWords.Of(change), MudBlazor.Severity.Error);
        }

        await ShowAsync();
    }
}
