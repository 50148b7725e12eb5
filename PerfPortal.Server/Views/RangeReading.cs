using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Views;

/// <summary>Parses the range of a page.</summary>
public static class RangeReading
{
    /// <summary>The default window of a page.</summary>
    public static readonly TimeSpan DefaultWindow = RangeParameters.Hour.Length;

    /// <summary>Parses a range with the rules of the API.</summary>
    public static bool Read(RangeRequest text, DateTimeOffset now, out TimeRange range, out string? error)
    {
        bool isRead = TimeRangeParser.TryParse(text, now, DefaultWindow, out var parsed, out var errors);
        range = isRead ? parsed : new(now - DefaultWindow, now);
        error = isRead ? null : string.Join(" ", errors.Select(error => error.Detail));
        return isRead;
    }
}
