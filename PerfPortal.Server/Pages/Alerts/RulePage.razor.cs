using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using Severity = MudBlazor.Severity;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Edits a rule. Shows what it would have done before it is saved, saves only over the loaded version, and supports undo.</summary>
public sealed partial class RulePage
{
    private const double FalseAlarmRate = 0.001;

    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Replayed = TimeSpan.FromDays(7);

    private readonly CancellationTokenSource _disposal = new();
    private RuleForm? _form;
    private string? _formOf;
    private AlertRule? _current;
    private NoiseReport? _noise;
    private CurrentUser _caller = CurrentUser.Unknown;
    private CancellationTokenSource? _trying;
    private PreviewResult? _effect;
    private AlertRule? _effectOf;
    private string? _effectError;
    private bool _isBusy;
    private List<BreadcrumbItem> _crumbs = [];

    /// <summary>The ID of the rule; <see langword="null"/> for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    [Inject]
    private AlertRuleBook Rules { get; set; } = default!;

    [Inject]
    private AlertPreview Preview { get; set; } = default!;

    [Inject]
    private AlertNoise Noise { get; set; } = default!;

    [Inject]
    private HeavyReads Heavy { get; set; } = default!;

    [Inject]
    private IPortalNames Names { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private bool IsFixed => !_caller.IsAdmin || _form?.Loaded?.IsProvisioned == true;

    /// <summary>Loads changes by other users. If the form has edits, the page shows the conflict instead.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        _current = Id is null ? null : (await Rules.ReadAsync(cancellationToken)).Find(Id);
        string key = Id ?? "new";
        if (_formOf != key || (_form is { IsDirty: false, Loaded: { } loaded } && _current is not null && loaded.Version != _current.Version))
        {
            _form = Id is not null && _current is null ? null : new(_current);
            _formOf = key;
            _noise = _current is null ? null : await Noise.ReadAsync(_current, cancellationToken);
            _ = TryAsync(TimeSpan.Zero);
        }

        _crumbs = [new("Alerts", State.Href("/alerts")), new("Rules", State.Href("/alerts?tab=rules")), new(Id is null ? "New" : _current?.Name ?? "Not found", null, disabled: true)];
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsLoaded && _formOf != (Id ?? "new"))
        {
            await ReloadAsync();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposal.IsCancellationRequested)
        {
            _disposal.Cancel();
            _trying?.Dispose();
            _disposal.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Has(string field) => _form!.Error(field) is not null;

    private Task Change(string field, Action change)
    {
        change();
        _form!.Touch(field);
        return TryAsync(TypingPause);
    }

    private Task<IEnumerable<string>> SourcesAsync(string? text, CancellationToken cancellationToken) =>
        Task.FromResult<IEnumerable<string>>([.. Names.Sources().Where(name => name.Contains(text ?? "", StringComparison.OrdinalIgnoreCase)).Take(20)]);

    private Task<IEnumerable<string>> NamesAsync(string? text, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<string>>(Names.Names(text ?? "", 20));

    private async Task TryAsync(TimeSpan pause)
    {
        _trying?.Cancel();
        _trying?.Dispose();
        _trying = null;
        (_effect, _effectError) = (null, null);
        if (!RendererInfo.IsInteractive || _disposal.IsCancellationRequested || _form?.ToTry() is not { } proposed)
        {
            return;
        }

        var mine = _trying = CancellationTokenSource.CreateLinkedTokenSource(_disposal.Token);
        var token = mine.Token;
        try
        {
            await Task.Delay(pause, Time, token);
            var now = Time.GetUtcNow();
            var present = _form.Loaded is { } loaded && _form.IsDirty ? loaded : null;
            var effect = await Heavy.RunAsync(HeavyRead.Comparison, () => Preview.RunAsync(proposed, present, new TimeRange(now - Replayed, now), FalseAlarmRate, token), token);
            if (!token.IsCancellationRequested)
            {
                (_effect, _effectOf) = (effect, proposed);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            _effectError = exception.Message;
        }

        if (!token.IsCancellationRequested)
        {
            await InvokeAsync(StateHasChanged);
        }
    }

    private async Task SaveAsync()
    {
        if (IsFixed || _form is not { } form)
        {
            return;
        }

        if (form.Build() is not { } rule)
        {
            form.ShowErrors();
            await Reveal.MistakeAsync(Js);
            return;
        }

        await DoAsync(async () =>
        {
            var before = form.Loaded;
            var change = before is null ? await Rules.AddAsync(rule, _disposal.Token) : await Rules.UpdateAsync(rule, before.Version, _disposal.Token);
            if (change is { Outcome: RuleOutcome.Done, Rule: { } saved })
            {
                Done($"Saved: {saved.Name}", before is null ? () => Rules.DeleteAsync(saved.Id, saved.Version, CancellationToken.None) : () => RestoreAsync(before, saved));
                return;
            }

            form.ShowErrors(change.Errors);
            Snackbar.Add(RuleWords.Of(change), Severity.Error);
            await Reveal.MistakeAsync(Js);
        });
    }

    private async Task DeleteAsync()
    {
        var rule = _form!.Loaded!;
        string verb = rule.IsBuiltIn ? "Reset" : "Delete";
        string text = rule.IsBuiltIn ? "Its condition becomes what it came with, and its threshold follows the settings again." : "Its current alerts resolve. Their history is kept.";
        if (await Dialogs.ShowMessageBoxAsync($"{verb} {rule.Name}", text, yesText: verb, cancelText: "Cancel") != true)
        {
            return;
        }

        await DoAsync(async () =>
        {
            var change = await Rules.DeleteAsync(rule.Id, rule.Version, _disposal.Token);
            if (change.Outcome == RuleOutcome.Done)
            {
                Done($"{verb} done: {rule.Name}", () => rule.IsBuiltIn ? Rules.UpdateAsync(rule, null, CancellationToken.None) : Rules.AddAsync(rule, CancellationToken.None));
            }
            else
            {
                Snackbar.Add(RuleWords.Of(change), Severity.Error);
            }
        });
    }

    /// <summary>A built-in rule that was not edited before follows the settings again.</summary>
    private Task<RuleChange> RestoreAsync(AlertRule before, AlertRule saved) => before is { IsBuiltIn: true, Version: 0 }
        ? Rules.DeleteAsync(saved.Id, saved.Version, CancellationToken.None)
        : Rules.UpdateAsync(before, saved.Version, CancellationToken.None);

    private async Task DoAsync(Func<Task> action)
    {
        if (!(await CurrentUser.OfAsync(Authentication)).IsAdmin)
        {
            Snackbar.Add("Not changed. " + AlertDecider.NeedsAdmin, Severity.Error);
            return;
        }

        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            await action();
        }
        catch (Exception exception) when (!_disposal.IsCancellationRequested)
        {
            Snackbar.Add($"Not saved: {exception.Message} Your changes are still in the form.", Severity.Error);
        }
        finally
        {
            _isBusy = false;
        }

        if (!_disposal.IsCancellationRequested)
        {
            await ReloadAsync();
        }
    }

    private void Done(string text, Func<Task<RuleChange>> undo)
    {
        // The message outlives the page.
        var snackbar = Snackbar;
        snackbar.AddWithUndo(text, async () =>
        {
            var change = await undo();
            snackbar.Add(change.Outcome == RuleOutcome.Done ? "Undone." : RuleWords.Of(change), change.Outcome == RuleOutcome.Done ? Severity.Success : Severity.Error);
        });
        Navigation.NavigateTo(State.Href("/alerts?tab=rules"));
    }

    private Task KeepMineAsync()
    {
        _form!.Rebase(_current!);
        return SaveAsync();
    }

    private Task TakeTheirsAsync()
    {
        _form = new(_current);
        return TryAsync(TimeSpan.Zero);
    }
}
