namespace PerfPortal.Domain.Statistics;

/// <summary>The result of a comparison of two proportions.</summary>
/// <param name="ShareA">The first proportion, 0–1.</param>
/// <param name="ShareB">The second proportion, 0–1.</param>
/// <param name="PValue">The two-sided p-value, 0–1.</param>
/// <param name="IsExact">Whether Fisher's exact test was used rather than the normal approximation.</param>
public readonly record struct ShareComparison(double ShareA, double ShareB, double PValue, bool IsExact);

/// <summary>Tests of shares: Fisher's exact test where a cell of the table is expected below 5 (Cochran's rule), the pooled z test elsewhere; Wilson's interval.</summary>
public static class ProportionTest
{
    private const double SmallCell = 5;

    /// <summary>Compares two proportions; returns <see langword="null"/> when either sample is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there are more successes than trials.</exception>
    public static ShareComparison? Compare(long successA, long nA, long successB, long nB)
    {
        Check(successA, nA);
        Check(successB, nB);
        if (nA == 0 || nB == 0)
        {
            return null;
        }

        double shareA = (double)successA / nA;
        double shareB = (double)successB / nB;
        double all = (double)nA + nB;
        double successes = (double)successA + successB;
        if (successes == 0 || successes == all)
        {
            return new ShareComparison(shareA, shareB, 1, true);
        }

        if (Math.Min(nA, nB) * (Math.Min(successes, all - successes) / all) < SmallCell)
        {
            return new ShareComparison(shareA, shareB, Fisher(successA, nA, successB, nB), true);
        }

        double pooled = successes / all;
        double z = (shareA - shareB) / Math.Sqrt(pooled * (1 - pooled) * (1.0 / nA + 1.0 / nB));
        return new ShareComparison(shareA, shareB, NormalDistribution.TwoSided(z), false);
    }

    /// <summary>The 95 % interval of a proportion (Wilson, "Probable inference, the law of succession, and statistical inference", 1927); 0–1 without trials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there are more successes than trials.</exception>
    public static (double Low, double High) Wilson(long successes, long n)
    {
        Check(successes, n);
        if (n == 0)
        {
            return (0, 1);
        }

        return Wilson((double)successes / n, n, NormalDistribution.Z975);
    }

    /// <summary>The same for a weighted share and the effective number of trials, at any confidence.</summary>
    /// <param name="share">The share, 0–1.</param>
    /// <param name="n">The number of trials, above 0.</param>
    /// <param name="z">The quantile of the normal distribution, such as <see cref="NormalDistribution.Z975"/> for 95 %.</param>
    internal static (double Low, double High) Wilson(double share, double n, double z)
    {
        double center = share + z * z / (2 * n);
        double half = z * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        double scale = 1 + z * z / n;
        return (Math.Max(0, (center - half) / scale), Math.Min(1, (center + half) / scale));
    }

    /// <summary>
    /// The two-sided p-value: the sum of the probabilities of all tables with these margins that are at most as likely as the observed one. Weights are relative to
    /// the most likely table, so that nothing overflows; within Cochran's rule there are at most about √(5·N) tables.
    /// </summary>
    internal static double Fisher(long successA, long nA, long successB, long nB)
    {
        // Symmetric in rows and columns: count the rarer outcome in the smaller row.
        long rare = Math.Min(successA + successB, nA + nB - successA - successB);
        var seen = rare == successA + successB ? (A: successA, B: successB) : (A: nA - successA, B: nB - successB);
        var (small, large, at) = nA <= nB ? (nA, nB, seen.A) : (nB, nA, seen.B);
        long first = Math.Max(0, rare - large);
        long last = Math.Min(rare, small);
        double[] weights = new double[last - first + 1];
        long mode = Math.Clamp((long)((rare + 1.0) * (small + 1.0) / (small + (double)large + 2)), first, last);
        weights[mode - first] = 1;
        double Ratio(long k) => (rare - k) / (k + 1.0) * ((small - k) / (large - rare + k + 1.0));
        for (long k = mode; k < last; k++)
        {
            weights[k + 1 - first] = weights[k - first] * Ratio(k);
        }

        for (long k = mode; k > first; k--)
        {
            weights[k - 1 - first] = weights[k - first] / Ratio(k - 1);
        }

        double limit = weights[at - first] * (1 + 1e-9);
        return Math.Min(1, weights.Where(weight => weight <= limit).Sum() / weights.Sum());
    }

    private static void Check(long successes, long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
    }
}
