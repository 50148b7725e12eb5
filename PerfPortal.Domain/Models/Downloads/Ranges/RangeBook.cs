namespace PerfPortal.Domain.Models.Downloads.Ranges;

/// <summary>
/// Which bytes of a file are there, being loaded, or free. Connections take pieces from the front, smaller ones towards the end; when nothing is free, a connection takes over
/// half of what another one still has to load (work stealing). Thread-safe.
/// </summary>
internal sealed class RangeBook
{
    /// <summary>The smallest piece, bytes, unless less is free.</summary>
    public const long MinPiece = 1 << 20;

    /// <summary>The largest piece, bytes; it bounds how far the connections are from the front, where the hash follows.</summary>
    public const long MaxPiece = 32 << 20;

    /// <summary>A piece is shared when at least twice this is left of it, bytes.</summary>
    public const long MinShare = 512 << 10;

    /// <summary>The same in a repair, where pieces are small and few bytes are to be loaded: a server has often sent already what another connection takes over.</summary>
    public const long MinPatchShare = 4 << 20;

    private readonly Lock _lock = new();
    private readonly RangeSet _done;
    private readonly RangeSet _free;
    private readonly List<Segment> _active = [];
    private readonly long _minShare;

    /// <summary>Creates a book.</summary>
    /// <param name="size">The size of the file, or <see langword="null"/> when the server does not say.</param>
    /// <param name="done">The bytes that are there.</param>
    /// <param name="minShare">A piece is shared when at least twice this is left of it, bytes.</param>
    public RangeBook(long? size, IEnumerable<ByteRange>? done = null, long minShare = MinShare)
    {
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
            var taken = new Segment(middle, victim.End);
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

    /// <summary>The size of the next piece of what is free.</summary>
    internal static long PieceOf(long remaining, int connections) =>
        connections <= 1 ? remaining : Math.Clamp(remaining / (2 * connections), MinPiece, MaxPiece);

    private long PieceOf(ByteRange range, int connections)
    {
        long piece = PieceOf(_free.Total, connections);
        return range.Length - piece < MinPiece ? range.Length : piece;
    }

    private Segment Activate(ByteRange range)
    {
        var segment = new Segment(range.Start, range.End);
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
            if (segment.Remaining >= 2 * _minShare && segment.Remaining > (largest?.Remaining ?? 0))
            {
                largest = segment;
            }
        }

        return largest;
    }
}
