using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Layout;

namespace PerfPortal.Server.Views;

/// <summary>A time range as it stands in the address: raw text, so that a relative range stays relative.</summary>
/// <param name="From">RFC 3339, Unix milliseconds or relative (<c>now-6h</c>).</param>
/// <param name="To">As <paramref name="From"/>; <see langword="null"/> means now.</param>
/// <param name="Window">The length of a range that ends now (<c>15m</c>, <c>24h</c>); not used beside <paramref name="From"/>.</param>
/// <param name="TimeZone">An IANA zone for <c>now/d</c>; <see langword="null"/> means UTC.</param>
public sealed record RangeText(string? From = null, string? To = null, string? Window = null, string? TimeZone = null)
{
    /// <summary>Nothing is said.</summary>
    public bool IsEmpty => From is null && To is null && Window is null;

    /// <summary>The range ends now and moves with it.</summary>
    public bool EndsNow => To is null or "now" && !IsEmpty;
}

/// <summary>Reads the text of a range at the moment <paramref name="now"/>; <paramref name="error"/> is a sentence for a person.</summary>
public delegate bool RangeReader(RangeText text, DateTimeOffset now, out TimeRange range, out string? error);

/// <summary>The one place where the pages turn the text of a range into two moments.</summary>
public static class RangeReading
{
    /// <summary>The window of a page that says nothing.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    /// <summary>Reads a range as the API reads it.</summary>
    public static bool Read(RangeText text, DateTimeOffset now, out TimeRange range, out string? error)
    {
        bool isRead = TimeRangeParser.TryParse(
            new RangeRequest(text.From, text.To, text.Window, text.TimeZone), now, DefaultWindow, out var parsed, out var errors);
        range = isRead ? new(parsed.From, parsed.To) : new(now - DefaultWindow, now);
        error = isRead ? null : string.Join(" ", errors.Select(error => error.Detail));
        return isRead;
    }
}
