namespace PerfPortal.Domain.Statistics;

/// <summary>The mean change between pairs of values with its 95 % interval.</summary>
/// <param name="Before">The mean of the first values.</param>
/// <param name="After">The mean of the second values.</param>
/// <param name="Low">The lower end of the interval of the difference.</param>
/// <param name="High">The upper end.</param>
/// <param name="Pairs">The number of pairs.</param>
public readonly record struct PairedChange(double Before, double After, double Low, double High, int Pairs)
{
    /// <summary>The minimum number of pairs.</summary>
    public const int MinimumPairs = 6;

    /// <summary>The difference.</summary>
    public double Difference => After - Before;

    /// <summary>
    /// Compares pairs of values that belong together, such as the same hour on two days. The interval is Student's for the mean difference, with the number of pairs reduced to
    /// n (1 − r) / (1 + r) by the correlation r of successive differences, if that is positive (Zwiers and von Storch, 1995). Returns <see langword="null"/> with fewer than
    /// <see cref="MinimumPairs"/> pairs of finite values.
    /// </summary>
    /// <exception cref="ArgumentException">The lists have different lengths.</exception>
    public static PairedChange? Of(IReadOnlyList<double> before, IReadOnlyList<double> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count != after.Count)
        {
            throw new ArgumentException("Both lists must have the same length.", nameof(after));
        }

        var pairs = before.Zip(after).Where(pair => double.IsFinite(pair.First) && double.IsFinite(pair.Second)).ToList();
        if (pairs.Count < MinimumPairs)
        {
            return null;
        }

        double[] differences = [.. pairs.Select(pair => pair.Second - pair.First)];
        double mean = differences.Average();
        double squares = differences.Sum(value => (value - mean) * (value - mean));
        double products = differences.Zip(differences.Skip(1)).Sum(pair => (pair.First - mean) * (pair.Second - mean));
        double correlation = squares > 0 ? Math.Clamp(products / squares, 0, 0.95) : 0;
        double effective = Math.Max(2, pairs.Count * (1 - correlation) / (1 + correlation));
        double half = T975(effective - 1) * Math.Sqrt(squares / (pairs.Count - 1) / effective);
        return new(pairs.Average(pair => pair.First), pairs.Average(pair => pair.Second), mean - half, mean + half, pairs.Count);
    }

    /// <summary>
    /// The 97.5 % quantile of Student's t: the Cornish–Fisher expansion (Abramowitz and Stegun 26.7.5), which is within 1 % from 3 degrees of freedom; exact for 1 and 2.
    /// </summary>
    internal static double T975(double degrees)
    {
        if (degrees < 2)
        {
            // Between 12.706 at one and 4.303 at two degrees of freedom, on a logarithmic scale.
            return Math.Exp(Math.Log(12.706) + ((Math.Max(1, degrees) - 1) * (Math.Log(4.303) - Math.Log(12.706))));
        }

        const double Z = NormalDistribution.Z975;
        if (degrees < 3)
        {
            return Math.Exp(Math.Log(4.303) + ((degrees - 2) * (Math.Log(3.182) - Math.Log(4.303))));
        }

        double z3 = Z * Z * Z;
        double z5 = z3 * Z * Z;
        double z7 = z5 * Z * Z;
        double z9 = z7 * Z * Z;
        return Z + ((z3 + Z) / (4 * degrees)) + (((5 * z5) + (16 * z3) + (3 * Z)) / (96 * degrees * degrees))
            + (((3 * z7) + (19 * z5) + (17 * z3) - (15 * Z)) / (384 * Math.Pow(degrees, 3)))
            + (((79 * z9) + (776 * z7) + (1482 * z5) - (1920 * z3) - (945 * Z)) / (92160 * Math.Pow(degrees, 4)));
    }
}
