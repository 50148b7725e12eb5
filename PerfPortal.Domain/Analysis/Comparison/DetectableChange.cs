using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>
/// The smallest slowdown that a comparison finds in four of five cases: (z(1 − α/2) + z(0.8)) · √(s₁²/n₁ + s₂²/n₂) on logarithms of durations, over the square root of the asymptotic efficiency of the
/// Mann–Whitney test for normal data, 3/π (Lehmann, "Nonparametrics: Statistical Methods Based on Ranks", 1975). It is at least the smallest effect that counts.
/// </summary>
internal static class DetectableChange
{
    private const double ZPower = 0.8416212335729143;

    /// <summary>Returns the slowdown as a share of the duration.</summary>
    /// <param name="now">The durations of the period.</param>
    /// <param name="before">The durations of the baseline.</param>
    /// <param name="alpha">The significance of the single test, two-sided.</param>
    /// <param name="minimumEffect">The smallest effect that counts.</param>
    public static double Of(DurationSketch now, DurationSketch before, double alpha, double minimumEffect)
    {
        var (a, b) = LogMoments.Of(now, before);
        double error = Math.Sqrt((a.Variance / a.Count) + (b.Variance / b.Count));
        double change = Math.Exp((Quantile(alpha) + ZPower) * error / Math.Sqrt(3 / Math.PI)) - 1;
        return Math.Max(minimumEffect, change);
    }

    /// <summary>The z whose two-sided p-value is α, by bisection.</summary>
    internal static double Quantile(double alpha)
    {
        double low = 0;
        double high = 40;
        while (high - low > 1e-9)
        {
            double middle = (low + high) / 2;
            (low, high) = NormalDistribution.TwoSided(middle) > alpha ? (middle, high) : (low, middle);
        }

        return low;
    }
}
