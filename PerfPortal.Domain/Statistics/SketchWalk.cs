namespace PerfPortal.Domain.Statistics;

/// <summary>Enumerates the used buckets of a sketch in ascending order, with their counts; a sketch that stores exact values is enumerated by the buckets of its values.</summary>
internal ref struct SketchWalk
{
    private readonly BucketCounts? _buckets;
    private readonly ReadOnlySpan<double> _exact;
    private int _position;
    private long _count;

    /// <summary>Starts before the lowest used bucket.</summary>
    public SketchWalk(DurationSketch sketch)
    {
        _buckets = sketch.BucketCounts;
        _exact = sketch.Exact;
        Next();
    }

    /// <summary>The current bucket; <see cref="int.MaxValue"/> at the end.</summary>
    public int Bucket { get; private set; }

    /// <summary>Whether there is a current bucket.</summary>
    public readonly bool IsOn => Bucket < int.MaxValue;

    /// <summary>Returns the count of a bucket that is not after any later one asked for, and moves on; 0 when it is not used.</summary>
    public long Take(int bucket)
    {
        if (Bucket != bucket)
        {
            return 0;
        }

        long count = _count;
        Next();
        return count;
    }

    private void Next()
    {
        if (_buckets is not null)
        {
            Bucket = _buckets.MoveNext(ref _position, out int bucket, out _count) ? bucket : int.MaxValue;
            return;
        }

        if (_position >= _exact.Length)
        {
            Bucket = int.MaxValue;
            return;
        }

        Bucket = LogarithmicBuckets.IndexOf(_exact[_position]);
        _count = 0;
        while (_position < _exact.Length && LogarithmicBuckets.IndexOf(_exact[_position]) == Bucket)
        {
            _position++;
            _count++;
        }
    }
}
