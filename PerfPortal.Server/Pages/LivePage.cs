using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages;

/// <summary>
/// A page that follows live data. It loads when opened, when the range or source changes and, while live, at most once per second after new events, less often while many
/// pages are open (<see cref="ShownPages"/>) or when loading takes long. While paused it only counts events. While it is visible it keeps the sampler at one sample per second,
/// unless it shows no resources; while it is in the background or disconnected it does nothing, and catches up when it returns.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>A tick that comes a little early is not worth another second of waiting.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    /// <summary>The pause after a load, in units of its duration: a page is busy for at most a fifth of the time.</summary>
    private const int PausePerLoad = 4;

    private readonly CancellationTokenSource _disposal = new();
    private IDisposable? _watch;
    private ITimer? _timer;
    private long _newSinceLoad;
    private int _isDue;
    private bool _isLoading;
    private bool _isStale;
    private long _loadedAt;
    private TimeSpan _pause;
    private IDisposable? _presence;

    [Inject]
    private LiveFeed Feed { get; set; } = default!;

    [Inject]
    private ResourceSampler Sampler { get; set; } = default!;

    [Inject]
    private PageConnection Connection { get; set; } = default!;

    [Inject]
    private ShownPages Shown { get; set; } = default!;

    [Inject]
    private PortalReadiness Readiness { get; set; } = default!;

    [Inject]
    private IPortalDatabase Database { get; set; } = default!;

    [Inject]
    private OperationJournal Journal { get; set; } = default!;

    [Inject]
    private ILoggerFactory Logging { get; set; } = default!;

    /// <summary>The state shared by all pages.</summary>
    [Inject]
    protected PortalState State { get; set; } = default!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = default!;

    /// <summary>Whether the page has been loaded at least once.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>The reason why the last load failed, for display; <see langword="null"/> if it succeeded.</summary>
    protected string? LoadError { get; private set; }

    /// <summary>What still works while <see cref="LoadError"/> is set.</summary>
    protected string StillWorks { get; private set; } = "";

    /// <summary>The page's range, relative to the current time or the time of the pause.</summary>
    protected TimeRange Range => State.Current;

    /// <summary>The page's source as a filter.</summary>
    protected SeriesFilter Filter => new() { Source = State.Source };

    /// <summary>Whether anybody can see the page: it is connected and not in the background.</summary>
    protected bool IsShown => Connection.IsShown;

    /// <summary>The time between two updates of a page, given the number of open pages.</summary>
    protected TimeSpan Pace => Shown.Pace;

    /// <summary>Whether the page shows resources. If so, sensors are read every second while it is open.</summary>
    protected virtual bool ShowsResources => true;

    /// <summary>Whether what the page shows changes now without a message of the feed, such as a speed; it is then loaded again at every tick.</summary>
    protected virtual bool KeepsChanging => false;

    /// <summary>Loads the page's data. Must not store partial results when it throws.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Reloads the page now, for example after a filter has changed.</summary>
    protected async Task ReloadAsync()
    {
        if (_isLoading)
        {
            _isStale = true;
            return;
        }

        _isLoading = true;
        try
        {
            do
            {
                _isStale = false;
                await LoadOnceAsync();
            }
            while (_isStale && !_disposal.IsCancellationRequested);
        }
        finally
        {
            _isLoading = false;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        State.Changed += OnStateChanged;
        if (RendererInfo.IsInteractive)
        {
            Feed.Changed += OnFeed;
            Connection.Changed += OnConnection;
            Watch();
            _timer = Time.CreateTimer(_ => OnTick(), null, MinPause, MinPause);
        }

        await ReloadAsync();
    }

    /// <summary>Unsubscribes from the feed and the sampler.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposal.IsCancellationRequested)
        {
            return;
        }

        State.Changed -= OnStateChanged;
        Feed.Changed -= OnFeed;
        Connection.Changed -= OnConnection;
        _watch?.Dispose();
        _presence?.Dispose();
        _timer?.Dispose();
        _disposal.Cancel();
        _disposal.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private void Watch()
    {
        if (!IsShown)
        {
            _watch?.Dispose();
            _presence?.Dispose();
            (_watch, _presence) = (null, null);
            return;
        }

        _presence ??= Shown.Enter();
        if (ShowsResources)
        {
            _watch ??= Sampler.Watch();
        }
    }

    private async Task LoadOnceAsync()
    {
        long start = Time.GetTimestamp();
        try
        {
            if (!Readiness.IsReady)
            {
                Fail(Readiness.Reason);
                return;
            }

            await LoadAsync(_disposal.Token);
            LoadError = null;
            IsLoaded = true;
        }
        catch (OperationCanceledException) when (_disposal.IsCancellationRequested)
        {
        }
        catch (PortalBusyException exception)
        {
            Fail(exception.Message);
        }
        catch (Exception exception)
        {
            bool isAway = Database.IsTransient(exception);
            string reason = isAway ? Database.Explain(exception) : exception.Message;
            if (reason != LoadError)
            {
                // The page retries every second, which must not fill the log. If the error is not the portal's, the explanation replaces its stack trace.
                Logging.CreateLogger(GetType()).LogError(isAway ? null : exception, "Loading the page failed. {Reason}", reason);
            }

            Fail(reason);
        }

        _loadedAt = Time.GetTimestamp();
        var pause = Time.GetElapsedTime(start, _loadedAt) * PausePerLoad;
        _pause = pause < MaxPause ? pause : MaxPause;
    }

    private void Fail(string? reason)
    {
        LoadError = reason;
        StillWorks = JournalTrouble.StillWorks(Readiness, Journal);
    }

    private void OnFeed(LiveMessage message)
    {
        Interlocked.Add(ref _newSinceLoad, message.EndedCount);
        Interlocked.Exchange(ref _isDue, 1);
    }

    private void OnTick()
    {
        if (!IsShown || Time.GetElapsedTime(_loadedAt) < (Pace > _pause ? Pace : _pause) - Slack)
        {
            return;
        }

        if (Interlocked.Exchange(ref _isDue, 0) == 0 && LoadError is null && !KeepsChanging)
        {
            return;
        }

        _ = InvokeAsync(async () =>
        {
            if (_disposal.IsCancellationRequested)
            {
                return;
            }

            long count = Interlocked.Exchange(ref _newSinceLoad, 0);
            if (State.IsPaused)
            {
                State.CountNew(count);
            }
            else if (State.IsLive && !_isLoading)
            {
                await ReloadAsync();
                StateHasChanged();
            }
        });
    }

    private void OnConnection() => _ = InvokeAsync(async () =>
    {
        if (_disposal.IsCancellationRequested)
        {
            return;
        }

        Watch();
        if (IsShown && State.IsLive && !State.IsPaused)
        {
            await ReloadAsync();
            StateHasChanged();
        }
    });

    private void OnStateChanged() => _ = InvokeAsync(async () =>
    {
        if (!_disposal.IsCancellationRequested)
        {
            if (!State.IsPaused)
            {
                await ReloadAsync();
            }

            StateHasChanged();
        }
    });
}
