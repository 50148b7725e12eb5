using System.Runtime.CompilerServices;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// A mergeable quantile sketch of durations that returns any quantile within <see cref="RelativeError"/> of the exact value:
/// counts in buckets with geometrically growing bounds (Masson, Rim, Lee: "DDSketch", VLDB 2019). Up to four values are stored
/// exactly. The range is fixed, 1 µs to 10⁷ s plus a bucket for 0; buckets are never collapsed, so merging is lossless
/// and the result depends on neither the order of values nor the order of merges.
/// Bounded by the number of buckets (about 1,500, 12 KB). Not thread-safe.
/// </summary>
public sealed class DurationSketch
{
    /// <summary>The maximum relative error of a quantile for values between 1 µs and 10⁷ s.</summary>
    public const double RelativeError = 0.01;

    /// <summary>The number of values that are stored exactly.</summary>
    internal const int ExactLimit = 4;

    private FourValues _exact;
    private BucketCounts? _buckets;

    /// <summary>The number of values added.</summary>
    public long Count { get; private set; }

    /// <summary>The values in ascending order while there are at most four; empty once the sketch uses buckets.</summary>
    internal ReadOnlySpan<double> Exact => ((ReadOnlySpan<double>)_exact)[..(_buckets is null ? (int)Count : 0)];

    internal BucketCounts? BucketCounts => _buckets;

    /// <summary>The approximate memory size in bytes.</summary>
    internal long Bytes => 80 + (_buckets?.Bytes ?? 0);

    /// <summary>
    /// Adds a value <paramref name="count"/> times. Zero and negative values count as 0, positive ones below 1 µs as 1 µs, those above 10⁷ s as 10⁷ s.
    /// </summary>
    /// <param name="seconds">The duration in seconds.</param>
    /// <param name="count">The number of times to add it; 0 is a no-op.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is not finite or <paramref name="count"/> is negative.</exception>
    public void Add(double seconds, long count = 1)
    {
        if (!double.IsFinite(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A duration must be finite.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        AddNormalized(LogarithmicBuckets.Normalize(seconds), count);
    }

    /// <summary>Adds all values of another sketch, which is not modified.</summary>
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

    /// <summary>Returns the quantile by nearest rank (<see cref="Quantiles.Rank"/>), in seconds; <see langword="null"/> when the sketch is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1.</exception>
    public double? Quantile(double q) => ValueAt(Quantiles.Rank(q, Math.Max(1, Count)));

    /// <summary>
    /// Returns the quantile of the values above <paramref name="seconds"/>: the duration of operations that have already been running for this long.
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
    /// Returns the number of values above <paramref name="seconds"/>. Buckets are counted as a whole by their representative value,
    /// so the result is exact for a limit within <see cref="RelativeError"/> of the given one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is NaN.</exception>
    public long CountAbove(double seconds)
    {
        if (double.IsNaN(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The limit must not be NaN.");
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

    /// <summary>Returns a deep copy.</summary>
    public DurationSketch Clone() => new() { _exact = _exact, _buckets = _buckets?.Clone(), Count = Count };

    /// <summary>Adds buckets or, if <paramref name="values"/> is not empty, the exact values to which the buckets belong. Returns the number of values added.</summary>
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
