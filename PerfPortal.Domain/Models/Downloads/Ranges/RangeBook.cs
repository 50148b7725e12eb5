using PerfPortal.Domain.Advice.Downloads;

namespace PerfPortal.Domain.Models.Downloads.Ranges;

/// <summary>
/// Which bytes of a file are there, being loaded, or free. Connections take pieces from the front, smaller ones towards the end; when nothing is free, a connection takes over
/// half of what a slow one still has to load (work stealing). A piece whose end is taken over was asked for whole: what is on its way beyond the new end is lost, and its connection is closed.
/// So pieces are cut evenly where a file is small, and only what still takes a while is shared. Thread-safe.
/// </summary>
internal sealed class RangeBook
{
    /// <summary>The smallest piece, bytes, unless less is free.</summary>
    public const long MinPiece = UsefulConnections.Undivided;

    /// <summary>The largest piece, bytes; it bounds how far the connections are from the front, where the hash follows.</summary>
    public const long MaxPiece = 32 << 20;

    /// <summary>A piece is shared when at least twice this is left of it, bytes. Also the smallest piece of a file that is too small for one of <see cref="MinPiece"/> for each connection.</summary>
    public const long MinShare = UsefulConnections.SmallestPiece;

    /// <summary>The same in a repair, where pieces are small and few bytes are to be loaded: a server has often sent already what another connection takes over.</summary>
    public const long MinPatchShare = 4 << 20;

    // Below this for each connection, pieces are of equal size.
    private const long EvenShare = 8 * MinPiece;

    /// <summary>A piece is shared when what is left of it takes at least this long at its pace.</summary>
    public static readonly TimeSpan WorthSharing = TimeSpan.FromSeconds(1);

    // Before this the pace of a piece is not known.
    private static readonly TimeSpan PaceKnown = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly RangeSet _done;
    private readonly RangeSet _free;
    private readonly List<Segment> _active = [];
    private readonly long _minShare;

    /// <summary>Creates a book.</summary>
    /// <param name="size">The size of the file, or <see langword="null"/> when the server does not say.</param>
    /// <param name="done">The bytes that are there.</param>
    /// <param name="time">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="minShare">A piece is shared when at least twice this is left of it, bytes.</param>
    public RangeBook(long? size, IEnumerable<ByteRange>? done = null, TimeProvider? time = null, long minShare = MinShare)
    {
        _time = time ?? TimeProvider.System;
        _minShare = minShare;
        Size = size;
        _done = new(done);
        _free = _done.Missing(size ?? long.MaxValue);
    }

    /// <summary>The size of the file in bytes, once known.</summary>
    public long? Size { get; private set; }

    /// <summary>The bytes that are there.</summary>
    public long Done
    {
        get
        {
            lock (_lock)
            {
                return _done.Total;
            }
        }
    }

    /// <summary>The bytes that are there from the beginning on without a gap.</summary>
    public long Prefix
    {
        get
        {
            lock (_lock)
            {
                return _done.Prefix;
            }
        }
    }

    /// <summary>Whether everything is there.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _done.Total == Size;
            }
        }
    }

    /// <summary>Whether <see cref="Take"/> would give something to another connection.</summary>
    public bool HasWork
    {
        get
        {
            lock (_lock)
            {
                return _free.Total > 0 || Largest() is not null;
            }
        }
    }

    /// <summary>The ranges that are there.</summary>
    public ByteRange[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _done.Ranges];
        }
    }

    /// <summary>Gives a connection its next piece, or <see langword="null"/> when it is not needed any more.</summary>
    /// <param name="connections">The number of connections that load the file, at least 1.</param>
    public Segment? Take(int connections)
    {
        lock (_lock)
        {
            if (_free.Ranges is [var first, ..])
            {
                return Activate(new(first.Start, first.Start + PieceOf(first, connections)));
            }

            if (Largest() is not { } victim)
            {
                return null;
            }

            long middle = victim.Position + (victim.Remaining / 2);
            var taken = new Segment(middle, victim.End, _time.GetTimestamp());
            victim.CutAt(middle);
            _active.Add(taken);
            return taken;
        }
    }

    /// <summary>Gives a connection the free bytes from a position on, up to an end.</summary>
    public Segment TakeFrom(long start, long end)
    {
        lock (_lock)
        {
            return Activate(new(start, end));
        }
    }

    /// <summary>Notes that bytes at the position of a piece are in the file.</summary>
    /// <returns>The bytes that count: fewer when another connection has taken over the end in the meantime.</returns>
    public long Advance(Segment segment, long count)
    {
        lock (_lock)
        {
            long useful = Math.Min(count, segment.Remaining);
            _done.Add(new(segment.Position, segment.Position + useful));
            segment.MoveTo(segment.Position + useful);
            return useful;
        }
    }

    /// <summary>Ends the work on a piece; what is left of it is free again.</summary>
    public void Release(Segment segment)
    {
        lock (_lock)
        {
            if (_active.Remove(segment))
            {
                _free.Add(new(segment.Position, segment.End));
            }
        }
    }

    /// <summary>Says that a file of unknown size ends where the bytes end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            Size ??= _done.Prefix;
            _active.Clear();
            _free.Remove(new(0, long.MaxValue));
        }
    }

    /// <summary>
    /// The size of the next piece: of a small file the same for all, so many that each connection gets equally many and all end at the same time; of a large one less and less, so that a connection that is slower than the others has
    /// little left in the end.
    /// </summary>
    /// <param name="size">The bytes of the file.</param>
    /// <param name="remaining">The bytes that no connection has taken.</param>
    /// <param name="connections">The number of connections, at least 1.</param>
    internal static long PieceOf(long size, long remaining, int connections)
    {
        if (connections <= 1 || size <= MinPiece)
        {
            return remaining;
        }

        long share = (size + connections - 1) / connections;
        long piece = share < EvenShare ? Math.Max(MinShare, ((share - 1) / Math.Max(1, share / MinPiece)) + 1) : Math.Clamp(remaining / (2 * connections), MinPiece, MaxPiece);
        return remaining - piece < MinShare / 2 ? remaining : piece;
    }

    private long PieceOf(ByteRange range, int connections)
    {
        long piece = PieceOf(Size ?? long.MaxValue, _free.Total, connections);
        return range.Length - piece < MinShare / 2 ? range.Length : piece;
    }

    private Segment Activate(ByteRange range)
    {
        var segment = new Segment(range.Start, range.End, _time.GetTimestamp());
        _free.Remove(range);
        _active.Add(segment);
        return segment;
    }

    private Segment? Largest()
    {
        if (Size is null)
        {
            return null;
        }

        Segment? largest = null;
        foreach (var segment in _active)
        {
            if (segment.Remaining >= 2 * _minShare && segment.Remaining > (largest?.Remaining ?? 0) && TakesLong(segment))
            {
                largest = segment;
            }
        }

        return largest;
    }

    private bool TakesLong(Segment segment)
    {
        var elapsed = _time.GetElapsedTime(segment.StartedAt);
        return elapsed >= PaceKnown && segment.Remaining * elapsed.TotalSeconds >= segment.Loaded * WorthSharing.TotalSeconds;
    }
}
