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

        var ranks = RankSum.Of(a, b);
        double superiority = ranks.Wins / ranks.Pairs;
        if (ranks.Variance == 0)
        {
            return new RankComparison(0, 1, superiority);
        }

        double z = Math.Sign(ranks.Excess) * Math.Max(0, Math.Abs(ranks.Excess) - 0.5) / Math.Sqrt(ranks.Variance);
        return new RankComparison(z, NormalDistribution.TwoSided(z), superiority);
    }
}
