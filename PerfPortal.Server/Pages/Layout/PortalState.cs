using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// The state shared by all pages of a browser tab: the time range, the source, and whether the view is paused. It is read from
/// the URL and written back to it. A URL without these parameters keeps the last state.
/// </summary>
public sealed class PortalState(NavigationManager navigation, TimeProvider time) : IDisposable
{
    private static readonly RangeRequest Default = new(Window: QuickRanges.Text(RangeReading.DefaultWindow));
    private bool _started;

    /// <summary>Raised after the range, the source or the pause has changed; not for other URL parameters.</summary>
    public event Action? Changed;

    /// <summary>The range as text.</summary>
    public RangeRequest Range { get; private set; } = Default;

    /// <summary>The selected source; <see langword="null"/> for all.</summary>
    public string? Source { get; private set; }

    /// <summary>Whether the view is paused.</summary>
    public bool IsPaused => PausedAt is not null;

    /// <summary>The time at which the view was paused.</summary>
    public DateTimeOffset? PausedAt { get; private set; }

    /// <summary>The number of new operations since the pause.</summary>
    public long NewSincePause { get; private set; }

    /// <summary>The reason why the range in the URL is invalid; the default range is shown instead.</summary>
    public string? RangeError { get; private set; }

    /// <summary>Whether the range ends now. A fixed past range is never live.</summary>
    public bool IsLive => Range.EndsNow;

    /// <summary>The time that the view shows: the current time, or the time of the pause.</summary>
    public DateTimeOffset AsOf => PausedAt ?? time.GetUtcNow();

    /// <summary>The range as two points in time, resolved at <see cref="AsOf"/>.</summary>
    public TimeRange Current => RangeReading.Read(Range, AsOf, out var range, out _) ? range : Fallback();

    /// <summary>Reads the URL, or <paramref name="saved"/> (a query string) if the URL contains no state. Only the first call has an effect.</summary>
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

    /// <summary>Adds the state to a URL without it, replacing the history entry.</summary>
    public void EnsureUrl()
    {
        var uri = new Uri(navigation.Uri);
        if (UsesRange(Path) && !QueryHelpers.ParseQuery(uri.Query).Keys.Any(k => k is "from" or "to" or "window"))
        {
            navigation.NavigateTo(UrlState.With(navigation, Parameters()), new NavigationOptions { ReplaceHistoryEntry = true });
        }
    }

    /// <summary>Validates a range without selecting it.</summary>
    /// <returns>The validation error, or <see langword="null"/>.</returns>
    public string? Check(RangeRequest range) => RangeReading.Read(range, AsOf, out _, out string? error) ? null : error ?? "This range is invalid.";

    /// <summary>Selects a range; ignores an invalid one.</summary>
    public void SetRange(RangeRequest range)
    {
        if (Check(range) is null)
        {
            Go(range, Source);
        }
    }

    /// <summary>Selects a window that ends now.</summary>
    public void SetWindow(string window) => SetRange(new RangeRequest(Window: window));

    /// <summary>Selects a fixed range, for example by dragging over a chart.</summary>
    public void SetRange(DateTimeOffset from, DateTimeOffset to) => SetRange(RangeMoves.Fixed(from, to));

    /// <summary>Selects a source; <see langword="null"/> or empty for all.</summary>
    public void SetSource(string? source) => Go(Range, string.IsNullOrEmpty(source) ? null : source);

    /// <summary>Moves the range by its own length. A forward step past the current time results in a range that ends now.</summary>
    public void Step(int direction) => SetRange(RangeMoves.Step(Current, direction, time.GetUtcNow()));

    /// <summary>Doubles the range around its centre. A range that ends now still ends now.</summary>
    public void ZoomOut() => SetRange(RangeMoves.ZoomOut(Current, IsLive, time.GetUtcNow()));

    /// <summary>Pauses the view.</summary>
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

    /// <summary>Resumes the view.</summary>
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

    /// <summary>Counts new operations while the view is paused; does nothing otherwise. Raises <see cref="Changed"/>, so callers should batch.</summary>
    public void CountNew(long count)
    {
        if (!IsPaused || count <= 0)
        {
            return;
        }

        NewSincePause += count;
        Changed?.Invoke();
    }

    /// <summary>Returns the URL of a page, below the path base, with the range and the source; <paramref name="path"/> can already contain a query.</summary>
    public string Href(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        string target = Base + path;
        return UsesRange(query < 0 ? path : path[..query]) || path.StartsWith("/api/", StringComparison.Ordinal)
            ? QueryHelpers.AddQueryString(target, Parameters().Where(p => p.Value is not null))
            : target;
    }

    /// <summary>Returns the URL of a page, below the path base, with a range of its own and the source; <paramref name="path"/> can already contain a query.</summary>
    public string Href(string path, TimeRange range)
    {
        var own = RangeMoves.Fixed(range.From, range.To);
        var query = new Dictionary<string, string?> { ["from"] = own.From, ["to"] = own.To, ["source"] = Source };
        return QueryHelpers.AddQueryString(Base + path, query.Where(p => p.Value is not null));
    }

    /// <summary>Returns the URL of a page, below the path base, with the range and another source.</summary>
    public string HrefOf(string path, string source)
    {
        var query = Parameters();
        query["source"] = source;
        return QueryHelpers.AddQueryString(Base + path, query.Where(p => p.Value is not null));
    }

    /// <summary>The path of the current page below the path base, with a leading slash and without a query.</summary>
    public string Path
    {
        get
        {
            string path = new Uri(navigation.Uri).AbsolutePath;
            return path.StartsWith(Base + "/", StringComparison.OrdinalIgnoreCase) ? path[Base.Length..] : "/";
        }
    }

    /// <summary>The path below which the portal is published: empty, or like <c>/portal</c>.</summary>
    public string Base => new Uri(navigation.BaseUri).AbsolutePath.TrimEnd('/');

    /// <summary>The absolute URL of the current view, to be opened elsewhere: the page with its filters, the range and the source.</summary>
    public string Link => UsesRange(Path) ? navigation.ToAbsoluteUri(UrlState.With(navigation, Parameters())).ToString() : navigation.Uri;

    /// <summary>Returns the state as a query string, without the question mark.</summary>
    public string ToQuery() => QueryHelpers.AddQueryString("", Parameters().Where(p => p.Value is not null)).TrimStart('?');

    /// <summary>Whether the page at <paramref name="path"/> uses a time range; the administration pages and addresses without a page do not.</summary>
    public static bool UsesRange(string path) => !path.StartsWith("/admin", StringComparison.Ordinal) && NavItems.All.Any(page => page.Covers(path));

    /// <inheritdoc/>
    public void Dispose() => navigation.LocationChanged -= OnLocationChanged;

    private TimeRange Fallback() => RangeReading.Read(Default, AsOf, out var range, out _) ? range : new(AsOf - RangeReading.DefaultWindow, AsOf);

    private void Go(RangeRequest range, string? source)
    {
        if (range == Range && source == Source && RangeError is null)
        {
            return;
        }

        bool shown = UsesRange(Path);
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
        // A link with only a source keeps the range. A link with a range replaces both.
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
