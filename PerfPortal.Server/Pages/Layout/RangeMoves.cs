using System.Globalization;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>How a range moves and grows.</summary>
public static class RangeMoves
{
    private static readonly TimeSpan MaxLength = TimeSpan.FromDays(366);

    /// <summary>A fixed range as text, to the second (to the millisecond below ten seconds).</summary>
    public static RangeRequest Fixed(DateTimeOffset from, DateTimeOffset to)
    {
        string format = to - from < TimeSpan.FromSeconds(10) ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ssZ";
        return new RangeRequest(
            from.UtcDateTime.ToString(format, CultureInfo.InvariantCulture),
            to.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>Moves by the range's own width; a step over <paramref name="now"/> becomes a window that ends now.</summary>
    public static RangeRequest Step(TimeRange range, int direction, DateTimeOffset now)
    {
        var shift = range.Length * Math.Sign(direction);
        return range.To + shift >= now ? new RangeRequest(Window: QuickRanges.Text(range.Length)) : Fixed(range.From + shift, range.To + shift);
    }

    /// <summary>Doubles the width, up to a year; a range that ends now, or would end after it, ends now.</summary>
    public static RangeRequest ZoomOut(TimeRange range, bool endsNow, DateTimeOffset now)
    {
        var width = TimeSpan.FromTicks(Math.Min(range.Length.Ticks * 2, MaxLength.Ticks));
        var to = range.From + (range.Length / 2) + (width / 2);
        return endsNow || to >= now ? new RangeRequest(Window: QuickRanges.Text(width)) : Fixed(to - width, to);
    }
}
