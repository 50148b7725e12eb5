namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Counts per bucket. While few buckets are used they lie in two sorted arrays (10 bytes a bucket); beyond
/// <see cref="SparseLimit"/> buckets in one array over the whole scale (12 KB), which merges fastest.
/// Bounded by <see cref="LogarithmicBuckets.Count"/>.
/// </summary>
internal sealed class BucketCounts
{
    private const int SparseLimit = 128;

    private ushort[] _keys = [];
    private long[] _counts = [];
    private int _used;
    private bool _dense;

    public void Add(int bucket, long count)
    {
        if (_dense)
        {
            _counts[bucket] += count;
            return;
        }

        var at = Array.BinarySearch(_keys, 0, _used, (ushort)bucket);
        if (at >= 0)
        {
            _counts[at] += count;
        }
        else if (_used == SparseLimit)
        {
            BecomeDense();
            _counts[bucket] += count;
        }
        else
        {
            Insert(~at, (ushort)bucket, count);
        }
    }

    public void Add(ReadOnlySpan<ushort> buckets, ReadOnlySpan<int> counts)
    {
        // So many buckets at once would be shifted in one by one: the array over the whole scale takes them sooner.
        if (!_dense && _used + buckets.Length > SparseLimit)
            BecomeDense();
        if (!_dense)
        {
            for (var i = 0; i < buckets.Length; i++)
                Add(buckets[i], counts[i]);
            return;
        }

        var all = _counts;
        counts = counts[..buckets.Length];
        for (var i = 0; i < buckets.Length; i++)
            all[buckets[i]] += counts[i];
    }

    public void Merge(BucketCounts other)
    {
        if (other._dense)
        {
            if (!_dense)
                BecomeDense();
            for (var i = 0; i < _counts.Length; i++)
                _counts[i] += other._counts[i];
            return;
        }

        for (var i = 0; i < other._used; i++)
            Add(other._keys[i], other._counts[i]);
    }

    /// <summary>Walks the used buckets upwards: start with <paramref name="position"/> 0, stop at <see langword="false"/>.</summary>
    public bool MoveNext(ref int position, out int bucket, out long count)
    {
        while (_dense && position < _counts.Length && _counts[position] == 0)
            position++;
        if (position >= (_dense ? _counts.Length : _used))
        {
            bucket = 0;
            count = 0;
            return false;
        }

        bucket = _dense ? position : _keys[position];
        count = _counts[position];
        position++;
        return true;
    }

    /// <summary>The bucket that the value of a rank lies in, the least of rank 1; the last used one beyond all.</summary>
    public int BucketOf(long rank)
    {
        var counts = _counts.AsSpan(0, _dense ? _counts.Length : _used);
        var last = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            last = counts[i] == 0 ? last : i;
            rank -= counts[i];
            if (rank <= 0)
                break;
        }

        return _dense || counts.IsEmpty ? last : _keys[last];
    }

    public BucketCounts Clone() => new()
    {
        _keys = _keys.AsSpan(0, _dense ? 0 : _used).ToArray(),
        _counts = _counts.AsSpan(0, _dense ? _counts.Length : _used).ToArray(),
        _used = _used,
        _dense = _dense,
    };

    private void Insert(int at, ushort key, long count)
    {
        if (_used == _keys.Length)
        {
            var size = Math.Min(SparseLimit, Math.Max(8, _used * 2));
            Array.Resize(ref _keys, size);
            Array.Resize(ref _counts, size);
        }

        Array.Copy(_keys, at, _keys, at + 1, _used - at);
        Array.Copy(_counts, at, _counts, at + 1, _used - at);
        _keys[at] = key;
        _counts[at] = count;
        _used++;
    }

    private void BecomeDense()
    {
        var dense = new long[LogarithmicBuckets.Count];
        for (var i = 0; i < _used; i++)
            dense[_keys[i]] = _counts[i];
        _keys = [];
        _counts = dense;
        _used = 0;
        _dense = true;
    }
}
