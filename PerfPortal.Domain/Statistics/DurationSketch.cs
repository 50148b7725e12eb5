using System.Runtime.CompilerServices;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// A mergeable summary of durations that answers any quantile within <see cref="RelativeError"/> of the exact value:
/// counts in buckets whose bounds grow geometrically (Masson, Rim, Lee: "DDSketch", VLDB 2019). Up to four values are kept
/// as they are. The range is fixed, 1 µs to 10⁷ s and a bucket for 0; buckets are never collapsed, so merging loses nothing,
/// and the result depends neither on the order of values nor of merges.
/// Bounded by the number of buckets (about 1,500, 12 KB). Not safe for concurrent use.
/// </summary>
public sealed class DurationSketch
{
    /// <summary>The largest relative error of a quantile of values between 1 µs and 10⁷ s.</summary>
    public const double RelativeError = 0.01;

    /// <summary>How many values are kept as values.</summary>
    internal const int ExactLimit = 4;

    private FourValues _exact;
    private BucketCounts? _buckets;

    /// <summary>How many values were added.</summary>
    public long Count { get; private set; }

    /// <summary>The values in ascending order while there are at most four, else the buckets.</summary>
    internal ReadOnlySpan<double> Exact => ((ReadOnlySpan<double>)_exact)[..(_buckets is null ? (int)Count : 0)];

    internal BucketCounts? BucketCounts => _buckets;

    /// <summary>About how many bytes of memory it takes.</summary>
    internal long Bytes => 80 + (_buckets?.Bytes ?? 0);

    /// <summary>
    /// Adds a value <paramref name="count"/> times. Zero and negative values count as 0, positive ones below 1 µs as 1 µs, those above 10⁷ s as 10⁷ s.
    /// </summary>
    /// <param name="seconds">The duration in seconds.</param>
    /// <param name="count">How often; 0 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is not finite or <paramref name="count"/> is negative.</exception>
    public void Add(double seconds, long count = 1)
    {
        if (!double.IsFinite(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A duration is a finite number.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        AddNormalized(LogarithmicBuckets.Normalize(seconds), count);
    }

    /// <summary>Adds all values of another sketch, which stays as it is.</summary>
    public void Merge(DurationSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            other = other.Clone();
        }

        if (other._buckets is null)
        {
            foreach (double value in other.Exact)
            {
                AddNormalized(value, 1);
            }

            return;
        }

        long total = checked(Count + other.Count);
        IntoBuckets().Merge(other._buckets);
        Count = total;
    }

    /// <summary>The quantile by nearest rank (<see cref="Quantiles.Rank"/>), in seconds; <see langword="null"/> when the sketch is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1.</exception>
    public double? Quantile(double q) => ValueAt(Quantiles.Rank(q, Math.Max(1, Count)));

    /// <summary>
    /// The quantile among the values above <paramref name="seconds"/>: how long operations last that have lasted this long already.
    /// <see langword="null"/> when no value is above.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1 or <paramref name="seconds"/> is NaN.</exception>
    public double? QuantileAbove(double seconds, double q)
    {
        long above = CountAbove(seconds);
        long rank = Quantiles.Rank(q, Math.Max(1, above));
        return above == 0 ? null : ValueAt(Count - above + rank);
    }

    /// <summary>
    /// How many values are above <paramref name="seconds"/>. A bucket counts as a whole, by the value that stands for it;
    /// so the answer is that for a limit within <see cref="RelativeError"/> of the asked one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    public long CountAbove(double seconds)
    {
        if (double.IsNaN(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A limit is a number.");
        }

        long above = 0;
        foreach (double value in Exact)
        {
            above += value > seconds ? 1 : 0;
        }

        int position = 0;
        while (_buckets is not null && _buckets.MoveNext(ref position, out int bucket, out long count))
        {
            above += LogarithmicBuckets.ValueOf(bucket) > seconds ? count : 0;
        }

        return above;
    }

    /// <summary>A copy that shares nothing with this sketch.</summary>
    public DurationSketch Clone() => new() { _exact = _exact, _buckets = _buckets?.Clone(), Count = Count };

    /// <summary>Adds buckets, or, where <paramref name="values"/> are given, these values, whose buckets the others are. Returns how many values that were.</summary>
    internal long MergeFlat(ReadOnlySpan<ushort> buckets, ReadOnlySpan<int> counts, ReadOnlySpan<double> values)
    {
        if (values.Length > 0 && _buckets is null && Count + values.Length <= ExactLimit)
        {
            foreach (double value in values)
            {
                AddNormalized(value, 1);
            }

            return values.Length;
        }

        long added = 0;
        foreach (int count in counts)
        {
            added += count;
        }

        if (added > 0)
        {
            long total = checked(Count + added);
            IntoBuckets().Add(buckets, counts);
            Count = total;
        }

        return added;
    }

    internal void AddNormalized(double value, long count)
    {
        if (count == 0)
        {
            return;
        }

        long total = checked(Count + count);
        if (total > ExactLimit)
        {
            IntoBuckets().Add(LogarithmicBuckets.IndexOf(value), count);
        }
        else
        {
            for (int n = (int)Count; n < total; n++)
            {
                Insert(value, n);
            }
        }

        Count = total;
    }

    private void Insert(double value, int at)
    {
        for (; at > 0 && _exact[at - 1] > value; at--)
        {
            _exact[at] = _exact[at - 1];
        }

        _exact[at] = value;
    }

    private BucketCounts IntoBuckets()
    {
        if (_buckets is null)
        {
            var buckets = new BucketCounts();
            foreach (double value in Exact)
            {
                buckets.Add(LogarithmicBuckets.IndexOf(value), 1);
            }

            _buckets = buckets;
        }

        return _buckets;
    }

    private double? ValueAt(long rank)
    {
        if (Count == 0)
        {
            return null;
        }

        if (_buckets is null)
        {
            return _exact[(int)rank - 1];
        }

        return LogarithmicBuckets.ValueOf(_buckets.BucketOf(rank));
    }

    [InlineArray(ExactLimit)]
    private struct FourValues
    {
        private double _first;
    }
}
