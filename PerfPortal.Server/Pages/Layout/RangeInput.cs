using System.Globalization;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>Parses and formats the start and end of a range as the user enters them: wall-clock times in the user's time zone, or relative text.</summary>
internal static class RangeInput
{
    private static readonly string[] TimesOfDay = ["H:mm", "H:mm:ss"];

    private static readonly string[] DayFirst = WithTimes("yyyy-M-d", "d.M.yyyy", "d/M/yyyy");

    private static readonly string[] MonthFirst = WithTimes("yyyy-M-d", "d.M.yyyy", "M/d/yyyy");

    /// <summary>What the fields understand, for the user.</summary>
    public static string Forms(BrowserClock clock) =>
        $"Use a date and time such as 2026-01-31 14:00, 31.1.2026 14:00 or {(IsDayFirst(clock) ? "31/1/2026" : "1/31/2026")} 14:00, a time such as 14:00, today, yesterday, or now-6h (units s, m, h, d, w, M, y).";

    /// <summary>Formats the start or end of a range for its field; relative text is unchanged.</summary>
    public static string Show(string end, BrowserClock clock)
    {
        if (end.StartsWith("now", StringComparison.Ordinal)
            || !RangeReading.Read(new RangeRequest(end, "2200-01-01T00:00:00Z"), DateTimeOffset.UnixEpoch, out var range, out _))
        {
            return end;
        }

        string text = clock.Format(range.From);
        return text.EndsWith(":00", StringComparison.Ordinal) ? text[..^3] : text;
    }

    /// <summary>Parses both fields; a missing end means now, and a time of day alone is today's. <c>now-6h</c> alone becomes a window.</summary>
    public static RangeRequest Read(string? from, string? to, BrowserClock clock, DateTimeOffset now)
    {
        from = End(from, clock, now);
        to = End(to, clock, now);
        bool endsNow = to is null or "now";
        if (endsNow && from?.StartsWith("now-", StringComparison.Ordinal) == true && QuickRanges.TryParseWindow(from[4..], out _))
        {
            return new RangeRequest(Window: from[4..]);
        }

        string? zone = Rounds(from) || Rounds(to) ? (clock.IsUtc ? null : clock.ZoneId) : null;
        return new RangeRequest(from, endsNow ? null : to, TimeZone: zone);
    }

    /// <summary>The text of the start of a day.</summary>
    public static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsDayFirst(BrowserClock clock)
    {
        string pattern = clock.Culture.DateTimeFormat.ShortDatePattern;
        return clock.Culture != CultureInfo.InvariantCulture && pattern.IndexOf('d', StringComparison.Ordinal) < pattern.IndexOf('M', StringComparison.Ordinal);
    }

    private static string[] WithTimes(params ReadOnlySpan<string> days)
    {
        var formats = new List<string>();
        foreach (string day in days)
        {
            formats.AddRange([day, day + " H:mm", day + " H:mm:ss", day + "TH:mm", day + "TH:mm:ss"]);
        }

        return [.. formats];
    }

    private static bool Rounds(string? text) => text?.StartsWith("now", StringComparison.Ordinal) == true && text.Contains('/', StringComparison.Ordinal);

    private static string? End(string? typed, BrowserClock clock, DateTimeOffset now)
    {
        string? text = string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
        if (TimeOnly.TryParseExact(text, TimesOfDay, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return clock.FromZone(clock.ToZone(now).Date + time.ToTimeSpan()).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }

        if (text?.ToUpperInvariant() is { } word && (word is "TODAY" or "YESTERDAY"))
        {
            return word == "TODAY" ? "now/d" : "now-1d/d";
        }

        return DateTime.TryParseExact(text, IsDayFirst(clock) ? DayFirst : MonthFirst, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var wall)
            ? clock.FromZone(wall).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : text;
    }
}
