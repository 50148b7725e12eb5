using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// What all pages of one browser tab share: the time range, the source, and whether the view is paused. It is read from the
/// address and written back to it; an address that says nothing keeps the last state.
/// </summary>
public sealed class PortalState(NavigationManager navigation, TimeProvider time, RangeReader reader) : IDisposable
{
    private static readonly RangeRequest Default = new(Window: QuickRanges.Text(RangeReading.DefaultWindow));
    private bool _started;

    /// <summary>Raised after the range, the source or the pause changed; not for other parameters of the address.</summary>
    public event Action? Changed;

    /// <summary>The range as text.</summary>
    public RangeRequest Range { get; private set; } = Default;

    /// <summary>The chosen source; <see langword="null"/> means all.</summary>
    public string? Source { get; private set; }

    /// <summary>The view is frozen.</summary>
    public bool IsPaused => PausedAt is not null;

    /// <summary>Since when the view is frozen.</summary>
    public DateTimeOffset? PausedAt { get; private set; }

    /// <summary>How many things happened since the pause.</summary>
    public long NewSincePause { get; private set; }

    /// <summary>Why the range in the address cannot be read; the default range is shown in its place.</summary>
    public string? RangeError { get; private set; }

    /// <summary>The range ends now. A fixed past range is never called live.</summary>
    public bool IsLive => Range.EndsNow;

    /// <summary>The moment at which the view stands: now, or that of the pause.</summary>
    public DateTimeOffset AsOf => PausedAt ?? time.GetUtcNow();

    /// <summary>The range as two moments, read at <see cref="AsOf"/>.</summary>
    public TimeRange Current => reader(Range, AsOf, out var range, out _) ? range : Fallback();

    /// <summary>Reads the address, or <paramref name="saved"/> (a query string) when the address says nothing. Called once.</summary>
    public void Start(string? saved)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        if (!TryRead(new Uri(navigation.Uri).Query) && saved is not null)
        {
            TryRead(saved.StartsWith('?') ? saved : "?" + saved);
        }

        navigation.LocationChanged += OnLocationChanged;
    }

    /// <summary>Writes the state into an address that lacks it, replacing the entry of the history.</summary>
    public void EnsureUrl()
    {
        var uri = new Uri(navigation.Uri);
        if (UsesRange(uri.AbsolutePath) && !QueryHelpers.ParseQuery(uri.Query).Keys.Any(k => k is "from" or "to" or "window"))
        {
            navigation.NavigateTo(UrlState.With(navigation, Parameters()), new NavigationOptions { ReplaceHistoryEntry = true });
        }
    }

    /// <summary>Checks a range without choosing it.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public string? Check(RangeRequest range) => reader(range, AsOf, out _, out string? error) ? null : error ?? "This range cannot be read.";

    /// <summary>Chooses a range; an unreadable one is not chosen.</summary>
    public void SetRange(RangeRequest range)
    {
        if (Check(range) is null)
        {
            Go(range, Source);
        }
    }

    /// <summary>Chooses a window that ends now.</summary>
    public void SetWindow(string window) => SetRange(new RangeRequest(Window: window));

    /// <summary>Chooses a fixed range, as a brush over a chart does.</summary>
    public void SetRange(DateTimeOffset from, DateTimeOffset to) => SetRange(RangeMoves.Fixed(from, to));

    /// <summary>Chooses a source; <see langword="null"/> or empty means all.</summary>
    public void SetSource(string? source) => Go(Range, string.IsNullOrEmpty(source) ? null : source);

    /// <summary>Moves the range by its own width; forward over the present it becomes a range that ends now.</summary>
    public void Step(int direction) => SetRange(RangeMoves.Step(Current, direction, time.GetUtcNow()));

    /// <summary>Doubles the range about its middle; one that ends now goes on ending now.</summary>
    public void ZoomOut() => SetRange(RangeMoves.ZoomOut(Current, IsLive, time.GetUtcNow()));

    /// <summary>Freezes the view where it is.</summary>
    public void Pause()
    {
        if (IsPaused || !IsLive)
        {
            return;
        }

        PausedAt = time.GetUtcNow();
        NewSincePause = 0;
        Changed?.Invoke();
    }

    /// <summary>Lets the view run on.</summary>
    public void Resume()
    {
        if (!IsPaused)
        {
            return;
        }

        PausedAt = null;
        NewSincePause = 0;
        Changed?.Invoke();
    }

    /// <summary>Pauses or resumes.</summary>
    public void TogglePause()
    {
        if (IsPaused)
        {
            Resume();
        }
        else
        {
            Pause();
        }
    }

    /// <summary>Counts what arrived while the view is paused; does nothing otherwise. Callers coalesce: <see cref="Changed"/> is raised.</summary>
    public void CountNew(long count)
    {
        if (!IsPaused || count <= 0)
        {
            return;
        }

        NewSincePause += count;
        Changed?.Invoke();
    }

    /// <summary>The address of a page with the range and the source; <paramref name="path"/> may have a query of its own.</summary>
    public string Href(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        if (!UsesRange(query < 0 ? path : path[..query]))
        {
            return path;
        }

        return QueryHelpers.AddQueryString(path, Parameters().Where(p => p.Value is not null));
    }

    /// <summary>The state as a query string, without the question mark.</summary>
    public string ToQuery() => QueryHelpers.AddQueryString("", Parameters().Where(p => p.Value is not null)).TrimStart('?');

    /// <summary>Whether the page at <paramref name="path"/> shows a range at all; administration does not.</summary>
    public static bool UsesRange(string path) =>
        !path.StartsWith("/admin", StringComparison.Ordinal) && !path.StartsWith("/account", StringComparison.Ordinal) && path != "/not-found";

    /// <inheritdoc/>
    public void Dispose() => navigation.LocationChanged -= OnLocationChanged;

    private TimeRange Fallback() => reader(Default, AsOf, out var range, out _) ? range : new(AsOf - RangeReading.DefaultWindow, AsOf);

    private void Go(RangeRequest range, string? source)
    {
        if (range == Range && source == Source && RangeError is null)
        {
            return;
        }

        bool shown = UsesRange(new Uri(navigation.Uri).AbsolutePath);
        Take(range, source, error: null);
        if (shown)
        {
            navigation.NavigateTo(UrlState.With(navigation, Parameters()));
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => TryRead(new Uri(e.Location).Query);

    private bool TryRead(string queryText)
    {
        var query = QueryHelpers.ParseQuery(queryText);
        string? Value(string name) => query.TryGetValue(name, out var v) && v.ToString() is { Length: > 0 } text ? text : null;
        var range = new RangeRequest(Value("from"), Value("to"), Value("window"), Value("tz"));
        string? source = Value("source");
        if (range.IsEmpty && source is null)
        {
            return false;
        }
        // A link that names only a source keeps the range. One that names a range says everything.
        range = range.IsEmpty ? Range : range.From is null && range.To is null ? range : range with { Window = null };
        string? error = Check(range);
        Take(error is null ? range : Default, source, error);
        return true;
    }

    private void Take(RangeRequest range, string? source, string? error)
    {
        if (range == Range && source == Source && error == RangeError)
        {
            return;
        }

        (Range, Source, RangeError) = (range, source, error);
        if (!IsLive)
        {
            (PausedAt, NewSincePause) = (null, 0);
        }

        Changed?.Invoke();
    }

    private Dictionary<string, string?> Parameters() => new()
    {
        ["from"] = Range.From,
        ["to"] = Range.To,
        ["window"] = Range.Window,
        ["tz"] = Range.TimeZone,
        ["source"] = Source,
    };
}
