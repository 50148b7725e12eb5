using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views;

/// <summary>Parses a range at the time <paramref name="now"/>; <paramref name="error"/> is a sentence for a person.</summary>
public delegate bool RangeReader(RangeRequest text, DateTimeOffset now, out TimeRange range, out string? error);

/// <summary>Parses the range of a page.</summary>
public static class RangeReading
{
    /// <summary>The window of a page whose URL has no range.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    /// <summary>Parses a range as the API does.</summary>
    public static bool Read(RangeRequest text, DateTimeOffset now, out TimeRange range, out string? error)
    {
        bool isRead = TimeRangeParser.TryParse(text, now, DefaultWindow, out var parsed, out var errors);
        range = isRead ? parsed : new(now - DefaultWindow, now);
        error = isRead ? null : string.Join(" ", errors.Select(error => error.Detail));
        return isRead;
    }
}
