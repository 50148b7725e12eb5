using System.Globalization;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Layout;

namespace PerfPortal.Server.Pages.Compare;

/// <summary>A quick choice of the period to compare with.</summary>
/// <param name="Title">The display name.</param>
/// <param name="From">The <c>base_from</c> query parameter; <see langword="null"/> for the previous period.</param>
/// <param name="To">The <c>base_to</c> query parameter.</param>
internal sealed record BaseChoice(string Title, string? From, string? To);

/// <summary>Resolves the period that a range is compared with.</summary>
internal static class BasePeriod
{
    /// <summary>Returns the quick choices. For a range that ends now they are relative and move with it.</summary>
    public static IReadOnlyList<BaseChoice> Choices(TimeRange range, bool endsNow) =>
    [
        new("Previous period", null, null),
        Shifted("Same time yesterday", range, endsNow, TimeSpan.FromDays(1)),
        Shifted("Same time last week", range, endsNow, TimeSpan.FromDays(7)),
    ];

    /// <summary>Parses the period in the URL; defaults to the previous period of equal length.</summary>
    /// <returns>Whether the period is valid. If not, <paramref name="period"/> is the previous period.</returns>
    public static bool TryRead(string? from, string? to, string? zone, TimeRange range, DateTimeOffset now, out TimeRange period, out string? error)
    {
        (period, error) = (range.Previous, null);
        if (string.IsNullOrWhiteSpace(from) && string.IsNullOrWhiteSpace(to))
        {
            return true;
        }

        if (TimeRangeParser.TryParse(new(from, to, null, zone), now, range.Length, out var read, out var errors))
        {
            period = read;
            return true;
        }

        error = string.Join(" ", errors.Select(error => error.Detail));
        return false;
    }

    private static BaseChoice Shifted(string title, TimeRange range, bool endsNow, TimeSpan by) => endsNow
        ? new(title, Ago(range.Length + by), Ago(by))
        : new(title, Text(range.From - by), Text(range.To - by));

    private static string Ago(TimeSpan by) => "now-" + QuickRanges.Text(by);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture);
}
