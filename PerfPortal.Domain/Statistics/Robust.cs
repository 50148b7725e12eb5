namespace PerfPortal.Domain.Statistics;

/// <summary>Statistics that a few wild values do not move. Values are expected to be finite; none is changed.</summary>
public static class Robust
{
    /// <summary>What the MAD of a normal distribution is multiplied by to give its standard deviation: 1 / Φ⁻¹(3/4).</summary>
    public const double MadToSigma = 1.4826022185056018;

    /// <summary>The middle value, of an even number the mean of the middle two; <see langword="null"/> of none.</summary>
    public static double? Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return null;
        var sorted = values.ToArray();
        return MedianInPlace(sorted);
    }

    /// <summary>The median of the distances from the median, not scaled (see <see cref="MadToSigma"/>); <see langword="null"/> of none.</summary>
    public static double? Mad(ReadOnlySpan<double> values)
    {
        if (Median(values) is not { } center)
            return null;
        var distances = values.ToArray();
        for (var i = 0; i < distances.Length; i++)
            distances[i] = Math.Abs(distances[i] - center);
        return MedianInPlace(distances);
    }

    /// <summary>The exact quantile by nearest rank (<see cref="Quantiles.Rank"/>) of values in any order; <see langword="null"/> of none.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1.</exception>
    public static double? NearestRank(ReadOnlySpan<double> values, double q)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return Quantiles.NearestRank(sorted, q);
    }

    /// <summary>Σ w·x / Σ w, or <see langword="null"/> when the weights add up to nothing.</summary>
    /// <exception cref="ArgumentException">There are not as many weights as values, or one is negative.</exception>
    public static double? WeightedMean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        if (values.Length != weights.Length)
            throw new ArgumentException("Each value has one weight.", nameof(weights));
        double sum = 0;
        double total = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(weights[i] >= 0))
                throw new ArgumentException("A weight is not negative.", nameof(weights));
            sum += values[i] * weights[i];
            total += weights[i];
        }

        return total > 0 ? sum / total : null;
    }

    /// <summary>The median of values that may be put in order where they lie; at least one.</summary>
    internal static double MedianInPlace(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
    }
}
