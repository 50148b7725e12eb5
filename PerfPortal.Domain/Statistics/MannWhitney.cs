namespace PerfPortal.Domain.Statistics;

/// <summary>The result of a comparison of two sets of durations.</summary>
/// <param name="Z">The standard normal statistic, positive when the first set is longer.</param>
/// <param name="PValue">The two-sided p-value, 0–1.</param>
/// <param name="Superiority">The probability that a value of the first set is longer than one of the second, with ties counted half: 0.5 means no difference.</param>
public readonly record struct RankComparison(double Z, double PValue, double Superiority);

/// <summary>
/// The Mann–Whitney U test (1947) on sketches: normal approximation with tie and continuity correction.
/// Values in the same bucket count as ties, so differences below <see cref="DurationSketch.RelativeError"/> are not detected.
/// </summary>
public static class MannWhitney
{
    /// <summary>The minimum number of values on each side for the normal approximation.</summary>
    public const int MinimumValues = 8;

    /// <summary>Compares two sets; <see langword="null"/> when either has fewer than <see cref="MinimumValues"/> values.</summary>
    public static RankComparison? Compare(DurationSketch a, DurationSketch b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count < MinimumValues || b.Count < MinimumValues)
        {
            return null;
        }

        double countA = a.Count;
        double countB = b.Count;
        double all = countA + countB;
        double wins = 0;
        double below = 0;
        double ties = 0;
        var left = new Walk(a);
        var right = new Walk(b);
        while (left.IsOn || right.IsOn)
        {
            int bucket = Math.Min(left.Bucket, right.Bucket);
            double inA = left.Take(bucket);
            double inB = right.Take(bucket);
            wins += inA * (below + inB / 2);
            below += inB;
            double tied = inA + inB;
            ties += tied * (tied * tied - 1);
        }

        double superiority = wins / countA / countB;
        double variance = countA * countB / 12 * (all + 1 - ties / all / (all - 1));
        if (!(variance > 1e-9 * countA * countB))
        {
            return new RankComparison(0, 1, superiority);
        }

        double distance = wins - countA * countB / 2;
        double z = Math.Sign(distance) * Math.Max(0, Math.Abs(distance) - 0.5) / Math.Sqrt(variance);
        return new RankComparison(z, NormalDistribution.TwoSided(z), superiority);
    }

    /// <summary>Enumerates the buckets of a sketch; a sketch with at least <see cref="MinimumValues"/> values always uses buckets.</summary>
    private struct Walk
    {
        private readonly BucketCounts _buckets;
        private int _position;
        private long _count;

        public Walk(DurationSketch sketch)
        {
            _buckets = sketch.BucketCounts!;
            Next();
        }

        public int Bucket { get; private set; }

        public readonly bool IsOn => Bucket < int.MaxValue;

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

        private void Next() => Bucket = _buckets.MoveNext(ref _position, out int bucket, out _count) ? bucket : int.MaxValue;
    }
}
