namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// Converts timestamps to wall-clock time, so that a start reads only one clock. The anchor is refreshed periodically: a jump of the
/// wall clock affects later start times, but not durations.
/// </summary>
internal sealed class WallAnchor
{
    private const int Readings = 3;

    private readonly TimeProvider _time;
    private readonly long _perSecond;
    private long _offset;

    public WallAnchor(TimeProvider time)
    {
        _time = time;
        _perSecond = time.TimestampFrequency;
        Refresh();
    }

    /// <summary>The offset from a timestamp to the time since 1970, in timestamp units.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>Reads both clocks several times and uses the reading with the least delay.</summary>
    public void Refresh()
    {
        long narrowest = long.MaxValue;
        for (int i = 0; i < Readings; i++)
        {
            long before = _time.GetTimestamp();
            var wall = _time.GetUtcNow();
            long width = _time.GetTimestamp() - before;
            if (width < narrowest)
            {
                narrowest = width;
                Volatile.Write(ref _offset, Scale((wall - DateTimeOffset.UnixEpoch).Ticks, _perSecond, TimeSpan.TicksPerSecond) - before - (width / 2));
            }
        }
    }

    /// <summary>Converts a timestamp that includes the offset to microseconds since 1970.</summary>
    public long ToMicroseconds(long wall) => Scale(wall, 1_000_000, _perSecond);

    /// <summary>Returns the time between two timestamps in whole microseconds, at least 0.</summary>
    public long MicrosecondsBetween(long start, long end) => Math.Max(0, Scale(end - start, 1_000_000, _perSecond));

    private static long Scale(long value, long up, long down) =>
        down % up == 0 ? value / (down / up) : up % down == 0 ? value * (up / down) : (long)((Int128)value * up / down);
}
