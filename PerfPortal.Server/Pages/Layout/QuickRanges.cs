using System.Globalization;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>A predefined range: a window that ends now, or calendar days.</summary>
/// <param name="Label">The display name.</param>
/// <param name="Range">The range; the time zone of calendar days is the user's.</param>
public sealed record QuickRange(string Label, RangeRequest Range)
{
    /// <summary>The range in the user's time zone.</summary>
    public RangeRequest In(BrowserClock clock) => Range.Window is null && !clock.IsUtc ? Range with { TimeZone = clock.ZoneId } : Range;
}

/// <summary>The predefined ranges, and formatting and parsing of windows.</summary>
public static class QuickRanges
{
    private const double MaxDays = 3660;

    /// <summary>The predefined ranges, shortest first.</summary>
    public static IReadOnlyList<QuickRange> All { get; } =
    [
        new("Last 15 minutes", new(Window: "15m")), new("Last hour", new(Window: "1h")), new("Last 6 hours", new(Window: "6h")),
        new("Last 24 hours", new(Window: "24h")), new("Last 7 days", new(Window: "7d")), new("Last 30 days", new(Window: "30d")),
        new("Today", new("now/d")), new("Yesterday", new("now-1d/d", "now/d")),
    ];

    /// <summary>Formats a window in the largest unit that divides it: <c>90m</c>, <c>6h</c>, <c>7d</c>.</summary>
    public static string Text(TimeSpan window)
    {
        long seconds = Math.Max(1, (long)Math.Round(window.TotalSeconds));
        (long size, char unit) = seconds switch
        {
            _ when seconds % 86400 == 0 && seconds > 86400 => (86400L, 'd'),
            _ when seconds % 3600 == 0 => (3600L, 'h'),
            _ when seconds % 60 == 0 => (60L, 'm'),
            _ => (1L, 's'),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / size}{unit}");
    }

    /// <summary>Parses a whole number followed by <c>s</c>, <c>m</c>, <c>h</c>, <c>d</c> or <c>w</c>, up to ten years.</summary>
    public static bool TryParseWindow(string text, out TimeSpan window)
    {
        window = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) || n == 0)
        {
            return false;
        }

        double days = text[^1] switch { 's' => n / 86400.0, 'm' => n / 1440.0, 'h' => n / 24.0, 'd' => n, 'w' => n * 7.0, _ => double.NaN };
        if (!(days <= MaxDays))
        {
            return false;
        }

        window = TimeSpan.FromSeconds(Math.Round(days * 86400));
        return true;
    }

    /// <summary>Describes a range for the button of the picker.</summary>
    public static string Describe(RangeRequest range, TimeRange resolved, BrowserClock clock)
    {
        if (range.From is null && range.To is null)
        {
            return All.FirstOrDefault(q => q.Range.Window == range.Window)?.Label ?? $"Last {range.Window ?? "1h"}";
        }

        if (All.FirstOrDefault(q => q.Range.From == range.From && q.Range.To == range.To) is { } days)
        {
            return days.Label;
        }

        if (range.From?.StartsWith("now", StringComparison.Ordinal) == true && range.EndsNow)
        {
            return $"{range.From} to now";
        }

        if (range.From?.StartsWith("now", StringComparison.Ordinal) == true)
        {
            return $"{range.From} to {range.To}";
        }

        return $"{clock.Format(resolved.From, TimePrecision.Minute)} – {clock.Format(resolved.To, TimePrecision.Minute)}";
    }
}
