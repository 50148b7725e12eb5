namespace PerfPortal.Domain.Models.Downloads.Ranges;

/// <summary>A set of bytes as sorted ranges that neither overlap nor touch. Not thread-safe.</summary>
internal sealed class RangeSet
{
    private readonly List<ByteRange> _ranges = [];

    /// <summary>Creates a set; the ranges may overlap and have any order.</summary>
    public RangeSet(IEnumerable<ByteRange>? ranges = null)
    {
        foreach (var range in ranges ?? [])
        {
            Add(range);
        }
    }

    /// <summary>The number of bytes.</summary>
    public long Total { get; private set; }

    /// <summary>The number of bytes from position 0 on without a gap.</summary>
    public long Prefix => _ranges is [{ Start: 0 } first, ..] ? first.End : 0;

    /// <summary>The ranges in order.</summary>
    public IReadOnlyList<ByteRange> Ranges => _ranges;

    /// <summary>Adds bytes.</summary>
    /// <returns>The number of bytes that were not in the set.</returns>
    public long Add(ByteRange range)
    {
        if (range.Length <= 0)
        {
            return 0;
        }

        int from = FirstEndingAtOrAfter(range.Start);
        int to = from;
        long replaced = 0;
        while (to < _ranges.Count && _ranges[to].Start <= range.End)
        {
            replaced += _ranges[to].Length;
            range = new(Math.Min(range.Start, _ranges[to].Start), Math.Max(range.End, _ranges[to].End));
            to++;
        }

        Replace(from, to, range);
        Total += range.Length - replaced;
        return range.Length - replaced;
    }

    /// <summary>Removes bytes.</summary>
    public void Remove(ByteRange range)
    {
        if (range.Length <= 0)
        {
            return;
        }

        for (int i = FirstEndingAtOrAfter(range.Start); i < _ranges.Count && _ranges[i].Start < range.End;)
        {
            var old = _ranges[i];
            _ranges.RemoveAt(i);
            Total -= old.Length;
            if (old.End > range.End)
            {
                _ranges.Insert(i, new(range.End, old.End));
                Total += old.End - range.End;
            }

            if (old.Start < range.Start)
            {
                _ranges.Insert(i, new(old.Start, Math.Min(old.End, range.Start)));
                Total += _ranges[i].Length;
                i++;
            }
        }
    }

    /// <summary>The bytes from 0 to a size that are not in the set.</summary>
    public RangeSet Missing(long size)
    {
        var missing = new RangeSet([new(0, size)]);
        foreach (var range in _ranges)
        {
            missing.Remove(range);
        }

        return missing;
    }

    private int FirstEndingAtOrAfter(long position)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].End < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Replace(int from, int to, ByteRange range)
    {
        if (from == to)
        {
            _ranges.Insert(from, range);
        }
        else
        {
            _ranges[from] = range;
            _ranges.RemoveRange(from + 1, to - from - 1);
        }
    }
}
