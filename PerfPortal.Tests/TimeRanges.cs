using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests;

internal static class TimeRanges
{
    /// <summary>Whether a time is within the range.</summary>
    public static bool Contains(this TimeRange range, DateTimeOffset time) => time >= range.From && time < range.To;
}
