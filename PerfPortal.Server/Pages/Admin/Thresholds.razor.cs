using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Pages.Admin;

/// <summary>Edits the thresholds. Shows the effect before saving, saves only over the loaded version, and supports undo.</summary>
public sealed partial class Thresholds
{
    private const int HistoryRows = 50;

    /// <summary>The pause in typing after which the effect is computed.</summary>
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan SuggestionsFresh = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _disposal = new();
    private ThresholdForm? _form;
    private ThresholdState? _state;
    private IReadOnlyList<ThresholdChange> _history = [];
    private Dictionary<string, ThresholdSuggestion> _suggestions = [];
    private DateTimeOffset? _suggestedAt;
    private long _suggestedFor;
    private CurrentUser _caller = CurrentUser.Unknown;
    private CancellationTokenSource? _trying;
    private ThresholdEffect? _effect;
    private string? _effectError;
    private bool _isBusy;
    private ElementReference _effectTitle;

    [Inject]
    private ThresholdSettings Settings { get; set; } = default!;

    [Inject]
    private ThresholdAdvisor Advisor { get; set; } = default!;

    [Inject]
    private ThresholdPreview Preview { get; set; } = default!;

    [Inject]
    private AuthenticationStateProvider Authentication { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <inheritdoc/>
    protected override bool ShowsResources => false;

    private bool CanSave => !_isBusy && _form is { IsDirty: true, Errors: 0 } && _form.Version == _state?.Version && (_effect is not null || _effectError is not null);

    /// <summary>Loads changes by other users. If the form has edits, the page shows the conflict instead.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _caller = await CurrentUser.OfAsync(Authentication);
        if (!_caller.IsAdmin)
        {
            return;
        }

        var state = await Settings.ReadAsync(cancellationToken);
        var history = await Settings.ReadHistoryAsync(HistoryRows, cancellationToken);
        (_state, _history) = (state, history);
        await SuggestAsync(state, cancellationToken);
        _form ??= new(state.Thresholds, state.Version);
        if (_form.Version != state.Version && !_form.IsDirty)
        {
            _form.Load(state.Thresholds, state.Version);
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

    /// <summary>Whole days are looked at, so that an hour old suggestions are as good.</summary>
    private async Task SuggestAsync(ThresholdState state, CancellationToken cancellationToken)
    {
        if (_suggestedAt is not { } at || _suggestedFor != state.Version || Time.GetUtcNow() - at > SuggestionsFresh)
        {
            var suggestions = await Advisor.SuggestAsync(state.Thresholds, cancellationToken);
            _suggestions = suggestions.ToDictionary(suggestion => suggestion.WireName, StringComparer.Ordinal);
            (_suggestedAt, _suggestedFor) = (Time.GetUtcNow(), state.Version);
        }
    }

    private static string Difference(ThresholdDifference difference) => ThresholdCatalog.TryFind(difference.Name, out var info)
        ? $"{info.Title}: {Format.Exact(difference.Before, info.Unit)} → {Format.Exact(difference.After, info.Unit)}"
        : difference.Name.StartsWith(ThresholdDocument.SlowByName + "/", StringComparison.Ordinal)
        ? $"Slow operation of {difference.Name[(ThresholdDocument.SlowByName.Length + 1)..]}: {NameLimit(difference.Before)} → {NameLimit(difference.After)}"
        : $"{difference.Name}: {ThresholdForm.Text(difference.Before)} → {ThresholdForm.Text(difference.After)}";

    private static string NameLimit(double seconds) => seconds == 0 ? "as its type" : Format.Exact(seconds, "s");

    private Task NameAsync(NameLimits names)
    {
        _form!.Names = names;
        return TryAsync(TimeSpan.Zero);
    }

    private Task TypeAsync(ThresholdInfo info, string? text)
    {
        _form!.Type(info, text);
        return TryAsync(TypingPause);
    }

    private async Task TryAsync(TimeSpan pause)
    {
        _trying?.Cancel();
        _trying?.Dispose();
        _trying = null;
        (_effect, _effectError) = (null, null);
        if (_form is not { IsDirty: true } form || form.Build() is not { } proposed)
        {
            return;
        }

        var mine = _trying = CancellationTokenSource.CreateLinkedTokenSource(_disposal.Token);
        var token = mine.Token;
        try
        {
            await Task.Delay(pause, Time, token);
            var effect = await Preview.RunAsync(form.Loaded, proposed, source: null, at: null, token);
            if (!token.IsCancellationRequested)
            {
                _effect = effect;
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            _effectError = exception.Message;
        }
    }

    private async Task SaveAsync()
    {
        if (CanSave && _form!.Build() is { } proposed)
        {
            await WriteAsync(_form.Version, proposed, _form.Loaded, "Saved. The changes apply from the next analysis.");
        }
    }

    private async Task WriteAsync(long version, PerformanceThresholds thresholds, PerformanceThresholds? undo, string done)
    {
        _isBusy = true;
        try
        {
            var caller = await CurrentUser.OfAsync(Authentication);
            if (!caller.IsAdmin)
            {
                Snackbar.Add("Not saved: this requires the admin scope.", Severity.Error);
            }
            else if (await Settings.WriteAsync(version, thresholds, caller.Name, _disposal.Token) is { } state)
            {
                Take(state, undo, done);
            }
            else
            {
                Snackbar.Add("Not saved: another user changed the thresholds first.", Severity.Error);
            }
        }
        catch (Exception exception) when (!_disposal.IsCancellationRequested)
        {
            Snackbar.Add($"Not saved: {exception.Message} Your changes are still in the form.", Severity.Error);
        }
        finally
        {
            _isBusy = false;
        }

        await ReloadAsync();
        StateHasChanged();
        await FocusAsync();
    }

    /// <summary>The button that had the focus is disabled or gone; the focus would be lost to the document.</summary>
    private async Task FocusAsync()
    {
        if (!CanSave && !string.IsNullOrEmpty(_effectTitle.Id))
        {
            await _effectTitle.FocusAsync(preventScroll: true);
        }
    }

    /// <summary>Shows the saved thresholds and offers to undo, only over the version that this page saved, so that later changes by others are kept.</summary>
    private void Take(ThresholdState state, PerformanceThresholds? undo, string done)
    {
        (_state, _effect) = (state, null);
        if (undo is null)
        {
            _form!.Rebase(state.Thresholds, state.Version);
            Snackbar.Add(done, Severity.Success);
            return;
        }

        _form!.Load(state.Thresholds, state.Version);
        Snackbar.Add(done, Severity.Success, options =>
        {
            options.Action = "Undo";
            options.OnClick = _ => InvokeAsync(() => WriteAsync(state.Version, undo, null, "The change was undone."));
        });
    }

    private void Reload()
    {
        _form!.Load(_state!.Thresholds, _state.Version);
        (_effect, _effectError) = (null, null);
    }

    private Task KeepMineAsync()
    {
        _form!.Rebase(_state!.Thresholds, _state.Version);
        return TryAsync(TimeSpan.Zero);
    }
}
