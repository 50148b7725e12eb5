using System.Numerics;
using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Counts per bucket. A few used buckets are stored sparsely in two sorted arrays (10 bytes per bucket); beyond <see cref="SparseLimit"/> the counts
/// are stored densely from the lowest to the highest used bucket (8 bytes per bucket in between), which merges fastest.
/// Bounded by <see cref="LogarithmicBuckets.Count"/>.
/// </summary>
internal sealed class BucketCounts
{
    private const int SparseLimit = 16;

    // Counts summed at once; a multiple of every vector's length.
    private const int Chunk = 32;

    // Extra room next to a new lowest or highest bucket, because its neighbours usually follow.
    private const int Slack = 32;

    private ushort[] _keys = [];
    private long[] _counts = [];
    private int _used;
    private int _from;
    private bool _dense;

    /// <summary>The approximate memory size in bytes.</summary>
    public long Bytes => 100 + (_keys.Length * sizeof(ushort)) + (_counts.Length * sizeof(long));

    public void Add(int bucket, long count)
    {
        if (!_dense)
        {
            int at = Array.BinarySearch(_keys, 0, _used, (ushort)bucket);
            if (at >= 0)
            {
                _counts[at] += count;
                return;
            }

            if (_used < SparseLimit)
            {
                Insert(~at, (ushort)bucket, count);
                return;
            }
        }

        Reach(bucket, bucket);
        _counts[bucket - _from] += count;
    }

    /// <summary>Adds counts of buckets in ascending order.</summary>
    public void Add(ReadOnlySpan<ushort> buckets, ReadOnlySpan<int> counts)
    {
        if (buckets.IsEmpty || (!_dense && _used + buckets.Length <= SparseLimit))
        {
            for (int i = 0; i < buckets.Length; i++)
            {
                Add(buckets[i], counts[i]);
            }

            return;
        }

        Reach(buckets[0], buckets[^1]);
        long[] all = _counts;
        int from = _from;
        counts = counts[..buckets.Length];
        for (int i = 0; i < buckets.Length; i++)
        {
            all[buckets[i] - from] += counts[i];
        }
    }

    public void Merge(BucketCounts other)
    {
        if (!other._dense)
        {
            for (int i = 0; i < other._used; i++)
            {
                Add(other._keys[i], other._counts[i]);
            }

            return;
        }

        Reach(other._from, other._from + other._counts.Length - 1);
        var into = _counts.AsSpan(other._from - _from, other._counts.Length);
        var wide = MemoryMarshal.Cast<long, Vector<long>>(into);
        var added = MemoryMarshal.Cast<long, Vector<long>>(other._counts.AsSpan());
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] += added[i];
        }

        for (int i = wide.Length * Vector<long>.Count; i < into.Length; i++)
        {
            into[i] += other._counts[i];
        }
    }

    /// <summary>Enumerates the used buckets in ascending order: start with <paramref name="position"/> 0, stop at <see langword="false"/>.</summary>
    public bool MoveNext(ref int position, out int bucket, out long count)
    {
        while (_dense && position < _counts.Length && _counts[position] == 0)
        {
            position++;
        }

        if (position >= (_dense ? _counts.Length : _used))
        {
            bucket = 0;
            count = 0;
            return false;
        }

        bucket = _dense ? _from + position : _keys[position];
        count = _counts[position];
        position++;
        return true;
    }

    /// <summary>Returns the bucket that contains the value of a rank (1 is the smallest); for a rank above the total count, the last used bucket.</summary>
    public int BucketOf(long rank)
    {
        var counts = _counts.AsSpan(0, _dense ? _counts.Length : _used);

        // Skips what is certainly before the rank. The rest is counted one by one, so a rank above the total still ends at the last used bucket.
        int first = 0;
        int last = 0;
        for (long sum; counts.Length - first > Chunk && (sum = Sum(counts.Slice(first, Chunk))) < rank; first += Chunk)
        {
            rank -= sum;
            last = sum == 0 ? last : first + counts.Slice(first, Chunk).LastIndexOfAnyExcept(0);
        }

        for (int i = first; i < counts.Length; i++)
        {
            last = counts[i] == 0 ? last : i;
            rank -= counts[i];
            if (rank <= 0)
            {
                break;
            }
        }

        return _dense ? _from + last : counts.IsEmpty ? 0 : _keys[last];
    }

    private static long Sum(ReadOnlySpan<long> chunk)
    {
        var sum = Vector<long>.Zero;
        foreach (var part in MemoryMarshal.Cast<long, Vector<long>>(chunk))
        {
            sum += part;
        }

        return Vector.Sum(sum);
    }

    public BucketCounts Clone() => new()
    {
        _keys = _keys.AsSpan(0, _dense ? 0 : _used).ToArray(),
        _counts = _counts.AsSpan(0, _dense ? _counts.Length : _used).ToArray(),
        _used = _used,
        _from = _from,
        _dense = _dense,
    };

    private void Insert(int at, ushort key, long count)
    {
        if (_used == _keys.Length)
        {
            int size = Math.Min(SparseLimit, Math.Max(4, _used * 2));
            Array.Resize(ref _keys, size);
            Array.Resize(ref _counts, size);
        }

        Array.Copy(_keys, at, _keys, at + 1, _used - at);
        Array.Copy(_counts, at, _counts, at + 1, _used - at);
        _keys[at] = key;
        _counts[at] = count;
        _used++;
    }

    /// <summary>Switches to dense storage, if necessary, and extends it to cover these buckets.</summary>
    private void Reach(int first, int last)
    {
        int end = _from + _counts.Length;
        if (_dense && first >= _from && last < end)
        {
            return;
        }

        if (!_dense && _used > 0)
        {
            first = Math.Min(first, _keys[0]);
            last = Math.Max(last, _keys[_used - 1]);
        }

        int from = _dense && first >= _from ? _from : Math.Max(0, first - Slack);
        int to = _dense && last < end ? end : Math.Min(LogarithmicBuckets.Count, last + 1 + Slack);
        long[] counts = new long[to - from];
        if (_dense)
        {
            _counts.CopyTo(counts, _from - from);
        }

        for (int i = 0; i < _used; i++)
        {
            counts[_keys[i] - from] = _counts[i];
        }

        _keys = [];
        _counts = counts;
        _used = 0;
        _from = from;
        _dense = true;
    }
}
