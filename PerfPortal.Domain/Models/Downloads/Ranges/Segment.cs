namespace PerfPortal.Domain.Models.Downloads.Ranges;

/// <summary>The bytes that one connection loads. Another connection may take over its end, so <see cref="End"/> shrinks while it works.</summary>
/// <param name="start">Its first byte.</param>
/// <param name="end">The position behind its last byte.</param>
/// <param name="startedAt">The timestamp at which the connection took it.</param>
internal sealed class Segment(long start, long end, long startedAt = 0)
{
    private readonly long _start = start;
    private long _position = start;
    private long _end = end;

    /// <summary>The next byte to write.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The position behind the last byte.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>The bytes loaded so far.</summary>
    public long Loaded => Position - _start;

    /// <summary>The timestamp at which the connection took it.</summary>
    public long StartedAt => startedAt;

    /// <summary>The bytes still to come.</summary>
    public long Remaining => Math.Max(0, End - Position);

    /// <summary>Sets the next byte; only under the lock of the book.</summary>
    internal void MoveTo(long position) => Volatile.Write(ref _position, position);

    /// <summary>Sets the end; only under the lock of the book.</summary>
    internal void CutAt(long end) => Volatile.Write(ref _end, end);
}
