namespace PerfPortal.Domain.Statistics;

/// <summary>Builds the flat arrays of a <see cref="RollupPage"/>.</summary>
internal sealed class RollupPageBuilder(int entries)
{
    private const long MaxPieces = 64;

    private readonly List<int> _series = new(entries);
    private readonly List<byte> _outcomes = new(entries);
    private readonly List<long> _counts = new(entries);
    private readonly List<double> _times = new(entries * 3);
    private readonly List<int> _first = new(entries + 1);
    private readonly List<int> _firstValue = new(entries);
    private readonly List<ushort> _buckets = new(entries * 2);
    private readonly List<int> _bucketCounts = new(entries * 2);
    private readonly List<double> _values = new(entries);

    /// <summary>Adds a rollup without its facts.</summary>
    public void Add(int series, byte outcome, Rollup rollup)
    {
        bool isExact = rollup.Durations.BucketCounts is null;
        Begin(series, outcome, rollup.Count, rollup.Times, isExact);
        if (isExact)
        {
            foreach (double value in rollup.Durations.Exact)
            {
                AddValue(value);
            }

            return;
        }

        for (int position = 0; rollup.Durations.BucketCounts!.MoveNext(ref position, out int bucket, out long count);)
        {
            AddBucket(bucket, count);
        }
    }

    /// <summary>Starts an entry; its values or buckets follow.</summary>
    public void Begin(int series, byte outcome, long count, Summary times, bool isExact)
    {
        _series.Add(series);
        _outcomes.Add(outcome);
        _counts.Add(count);
        _times.Add(times.Sum);
        _times.Add(times.Min);
        _times.Add(times.Max);
        _first.Add(_buckets.Count);
        _firstValue.Add(isExact ? _values.Count : -1);
    }

    /// <summary>Adds a value to an entry with exact values.</summary>
    public void AddValue(double value)
    {
        _values.Add(value);
        _buckets.Add((ushort)LogarithmicBuckets.IndexOf(value));
        _bucketCounts.Add(1);
    }

    /// <summary>Adds a bucket to an entry with buckets. A count above <see cref="int.MaxValue"/> is split into several buckets, which merges the same way.</summary>
    /// <exception cref="InvalidDataException">The count is implausibly large.</exception>
    public void AddBucket(int bucket, long count)
    {
        if (count > MaxPieces * int.MaxValue)
        {
            throw new InvalidDataException($"The count of a bucket is {count}; the maximum is {MaxPieces * int.MaxValue}.");
        }

        for (; count > 0; count -= Math.Min(count, int.MaxValue))
        {
            _buckets.Add((ushort)bucket);
            _bucketCounts.Add((int)Math.Min(count, int.MaxValue));
        }
    }

    /// <summary>Creates the page.</summary>
    public RollupPage Build(byte[] facts)
    {
        _first.Add(_buckets.Count);
        return new(
            [.. _series], [.. _outcomes], [.. _counts], [.. _times], [.. _first], [.. _firstValue], [.. _buckets], [.. _bucketCounts], [.. _values], facts);
    }
}
