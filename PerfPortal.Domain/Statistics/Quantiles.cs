namespace PerfPortal.Domain.Statistics;

/// <summary>The definition of a quantile used throughout the portal: nearest rank (definition 1 of Hyndman and Fan, 1996).</summary>
public static class Quantiles
{
    /// <summary>
    /// Returns the rank, from 1 to <paramref name="count"/>, of quantile <paramref name="q"/> among <paramref name="count"/> ascending values:
    /// max(1, ⌈q·n⌉). The product is reduced by two units in the last place, so that 0.07 · 100 is rank 7 and not 8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1, or <paramref name="count"/> is below 1.</exception>
    public static long Rank(double q, long count)
    {
        if (!(q >= 0 && q <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "A quantile must be between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double rank = Math.Ceiling(q * count * (1 - 4e-16));
        return q == 1 || rank >= count ? count : Math.Max(1, (long)rank);
    }
}
