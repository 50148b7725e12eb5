namespace PerfPortal.Domain.Operations;

/// <summary>Converts times and durations to whole microseconds, the resolution in which the portal stores them.</summary>
public static class Microseconds
{
    /// <summary>Microseconds since 1970-01-01T00:00:00Z, rounded down.</summary>
    public static long ToMicroseconds(this DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return Math.DivRem(ticks, TimeSpan.TicksPerMicrosecond, out long rest) - (rest < 0 ? 1 : 0);
    }

    /// <summary>Whole microseconds, rounded towards zero.</summary>
    public static long ToMicroseconds(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Returns the UTC time that is this many microseconds after 1970-01-01T00:00:00Z.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside the years 1–9999.</exception>
    public static DateTimeOffset ToTime(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(checked(microseconds * TimeSpan.TicksPerMicrosecond));

    /// <summary>The UTC time, rounded down to whole microseconds.</summary>
    public static DateTimeOffset ToWholeMicroseconds(this DateTimeOffset time) => ToTime(time.ToMicroseconds());

    /// <summary>Returns a time span of this many seconds, rounded to the nearest microsecond.</summary>
    /// <exception cref="OverflowException">The span exceeds the range of <see cref="TimeSpan"/>.</exception>
    public static TimeSpan FromSeconds(double seconds) =>
        TimeSpan.FromTicks(checked((long)Math.Round(seconds * 1e6) * TimeSpan.TicksPerMicrosecond));
}
