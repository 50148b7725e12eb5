namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The standard normal distribution: up to 3 by the series of Marsaglia ("Evaluating the normal distribution", 2004),
/// above by Laplace's continued fraction. The relative error of the tail is below 10⁻¹² over the whole range of a double.
/// </summary>
public static class NormalDistribution
{
    /// <summary>The 97.5 % quantile, for two-sided intervals of 95 %.</summary>
    internal const double Z975 = 1.959963984540054;

    private const double SeriesLimit = 3;
    private const int FractionTerms = 120;
    private static readonly double RootOfTwoPi = Math.Sqrt(2 * Math.PI);

    /// <summary>1 − Φ(z), the probability of a value above <paramref name="z"/>; accurate in the far tail too.</summary>
    public static double UpperTail(double z)
    {
        if (z < -SeriesLimit)
        {
            return 1 - UpperTail(-z);
        }

        return z > SeriesLimit ? Density(z) / Fraction(z) : 0.5 - Series(z);
    }

    /// <summary>The probability of a value at least as far from zero as <paramref name="z"/>.</summary>
    public static double TwoSided(double z) => Math.Min(1, 2 * UpperTail(Math.Abs(z)));

    private static double Density(double z) => Math.Exp(-z * z / 2) / RootOfTwoPi;

    private static double Series(double z)
    {
        double term = z;
        double sum = z;
        for (int odd = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); odd += 2)
        {
            term *= z * z / odd;
            sum += term;
        }

        return sum * Density(z);
    }

    private static double Fraction(double z)
    {
        double fraction = z;
        for (int k = FractionTerms; k >= 1; k--)
        {
            fraction = z + k / fraction;
        }

        return fraction;
    }
}
