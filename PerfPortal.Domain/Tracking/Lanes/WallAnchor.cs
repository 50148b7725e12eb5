namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// Says what time of day a timestamp is, so that a start needs one clock only. The anchor is set anew every so often: a jump of the
/// wall clock moves what starts after it, and no duration.
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

    /// <summary>What is added to a timestamp to make it count from 1970, in the timestamp's units.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <summary>Reads both clocks; of a few readings the one counts that was disturbed least.</summary>
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

    /// <summary>Microseconds since 1970 of a timestamp with the offset added.</summary>
    public long ToMicroseconds(long wall) => Scale(wall, 1_000_000, _perSecond);

    /// <summary>The span between two timestamps, whole microseconds, at least 0.</summary>
    public long MicrosecondsBetween(long start, long end) => Math.Max(0, Scale(end - start, 1_000_000, _perSecond));

    private static long Scale(long value, long up, long down) =>
        down % up == 0 ? value / (down / up) : up % down == 0 ? value * (up / down) : (long)((Int128)value * up / down);
}
