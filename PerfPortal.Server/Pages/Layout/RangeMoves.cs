using System.Globalization;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>Moves and zooms ranges.</summary>
public static class RangeMoves
{
    private static readonly TimeSpan MaxLength = TimeSpan.FromDays(366);

    /// <summary>Formats a fixed range with second precision (millisecond precision below ten seconds).</summary>
    public static RangeRequest Fixed(DateTimeOffset from, DateTimeOffset to)
    {
        string format = to - from < TimeSpan.FromSeconds(10) ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ssZ";
        return new RangeRequest(
            from.UtcDateTime.ToString(format, CultureInfo.InvariantCulture),
            to.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>Moves a range by its own length. A step past <paramref name="now"/> results in a window that ends now.</summary>
    public static RangeRequest Step(TimeRange range, int direction, DateTimeOffset now)
    {
        var shift = range.Length * Math.Sign(direction);
        return range.To + shift >= now ? new RangeRequest(Window: QuickRanges.Text(range.Length)) : Fixed(range.From + shift, range.To + shift);
    }

    /// <summary>Doubles the length, up to a year. A range that ends now, or would end later, ends now.</summary>
    public static RangeRequest ZoomOut(TimeRange range, bool endsNow, DateTimeOffset now)
    {
        var width = TimeSpan.FromTicks(Math.Min(range.Length.Ticks * 2, MaxLength.Ticks));
        var to = range.From + (range.Length / 2) + (width / 2);
        return endsNow || to >= now ? new RangeRequest(Window: QuickRanges.Text(width)) : Fixed(to - width, to);
    }
}
