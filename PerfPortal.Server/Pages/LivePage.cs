using Microsoft.AspNetCore.Components;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages;

/// <summary>
/// A page whose figures follow the house: it loads when it opens, when range or source change, and, while it is live, at most once a
/// second when something happened. While it is paused it only counts. It keeps the sampler at one sample a second while it is open.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _watch;
    private ITimer? _timer;
    private long _newSinceLoad;
    private int _isDue;
    private bool _isLoading;
    private bool _isStale;

    [Inject]
    private LiveFeed Feed { get; set; } = default!;

    [Inject]
    private ResourceSampler Sampler { get; set; } = default!;

    [Inject]
    private PortalReadiness Readiness { get; set; } = default!;

    [Inject]
    private ILoggerFactory Logging { get; set; } = default!;

    /// <summary>The state that all pages share.</summary>
    [Inject]
    protected PortalState State { get; set; } = default!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = default!;

    /// <summary>Whether the page has been loaded at least once.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Why the last loading failed, in a sentence for a person; <see langword="null"/> when it went well.</summary>
    protected string? LoadError { get; private set; }

    /// <summary>The page's range as of now, or as of the pause.</summary>
    protected TimeRange Range => State.Current;

    /// <summary>The page's source as a filter.</summary>
    protected SeriesFilter Filter => new() { Source = State.Source };

    /// <summary>Whether the page shows resources, so that sensors are read every second while it is open.</summary>
    protected virtual bool ShowsResources => true;

    /// <summary>Loads the page's figures. Must not keep what it loaded when it throws.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Loads again now, for example after a filter changed.</summary>
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
            while (_isStale && !_gone.IsCancellationRequested);
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
            _watch = ShowsResources ? Sampler.Watch() : null;
            _timer = Time.CreateTimer(_ => OnTick(), null, MinPause, MinPause);
        }

        await ReloadAsync();
    }

    /// <summary>Lets go of the feed and the sampler.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _gone.IsCancellationRequested)
        {
            return;
        }

        State.Changed -= OnStateChanged;
        Feed.Changed -= OnFeed;
        _watch?.Dispose();
        _timer?.Dispose();
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private async Task LoadOnceAsync()
    {
        try
        {
            if (!Readiness.IsReady)
            {
                LoadError = Readiness.Reason;
                return;
            }

            await LoadAsync(_gone.Token);
            LoadError = null;
            IsLoaded = true;
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            Logging.CreateLogger(GetType()).LogError(exception, "The page could not be loaded.");
            LoadError = exception.Message;
        }
    }

    private void OnFeed(LiveMessage message)
    {
        Interlocked.Add(ref _newSinceLoad, message.EndedCount);
        Interlocked.Exchange(ref _isDue, 1);
    }

    private void OnTick()
    {
        if (LoadError is null && Interlocked.Exchange(ref _isDue, 0) == 0)
        {
            return;
        }

        _ = InvokeAsync(async () =>
        {
            if (_gone.IsCancellationRequested)
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

    private void OnStateChanged() => _ = InvokeAsync(async () =>
    {
        if (!_gone.IsCancellationRequested)
        {
            if (!State.IsPaused)
            {
                await ReloadAsync();
            }

            StateHasChanged();
        }
    });
}
