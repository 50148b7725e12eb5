namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// How much more the mean of neighbouring values varies than that of independent ones: the factor of its variance, at least 1. Two estimates are used, and the larger one counts:
/// short memory from differences, which changes of level hardly touch, and longer memory from what remains when the levels found so far are taken away.
/// </summary>
internal static class Dependence
{
    private const double Highest = 0.98;
    private const double ClipAt = 3;
    private const int LongestLag = 40;

    /// <summary>
    /// The factor of an autoregressive series of order 1: (1 + ρ) / (1 − ρ), where 1 + ρ is the ratio of the variances of the differences over two steps and over one
    /// (Chakar, Lebarbier, Lévy-Leduc and Robin, "A robust approach for estimating change-points in the mean of an AR(1) process", Bernoulli 2017). ρ is lowered by its standard error,
    /// so that independent values are not held back by chance.
    /// </summary>
    /// <param name="values">Finite values in order of time.</param>
    public static double OfDifferences(ReadOnlySpan<double> values)
    {
        int n = values.Length;
        if (n < 12)
        {
            return 1;
        }

        double[] differences = new double[n];
        double one = SquaredDifferences(values, 1, differences);
        if (!(one > 0))
        {
            return 1;
        }

        double rho = (SquaredDifferences(values, 2, differences) / one) - 1;
        rho = Math.Clamp(rho - (1 / Math.Sqrt(n)), 0, Highest);
        return (1 + rho) / (1 - rho);
    }

    /// <summary>
    /// The factor from the autocorrelations of what remains without the levels: 1 + 2 Σ w·ρ with Bartlett's weights (Newey and West, "A simple, positive semi-definite,
    /// heteroskedasticity and autocorrelation consistent covariance matrix", 1987). Each level that was taken away has lowered every autocorrelation by about 1 / n, which is added again.
    /// </summary>
    /// <param name="values">Finite values in order of time.</param>
    /// <param name="levels">The first indices of the levels after the first one, in order.</param>
    public static double OfRemainder(ReadOnlySpan<double> values, List<int> levels)
    {
        int n = values.Length;
        double[] rest = values.ToArray();
        int start = 0;
        for (int i = 0; i <= levels.Count; i++)
        {
            int end = i == levels.Count ? n : levels[i];
            Centre(rest.AsSpan(start, end - start));
            start = end;
        }

        Clip(rest);
        double variance = Product(rest, 0);
        if (!(variance > 0))
        {
            return 1;
        }

        double factor = 1;
        double ofChance = 0;
        int longest = Math.Min(LongestLag, n / 5);
        for (int lag = 1; lag <= longest; lag++)
        {
            double weight = 1 - (lag / (longest + 1.0));
            factor += 2 * weight * ((Product(rest, lag) / variance) + ((levels.Count + 1.0) / n));
            ofChance += 4 * weight * weight / n;
        }

        return Math.Max(1, factor - (0.5 * Math.Sqrt(ofChance)));
    }

    private static double SquaredDifferences(ReadOnlySpan<double> values, int lag, double[] differences)
    {
        int count = values.Length - lag;
        for (int i = 0; i < count; i++)
        {
            differences[i] = Math.Abs(values[i + lag] - values[i]);
        }

        var own = differences.AsSpan(0, count);
        double clip = ClipAt * Spread.Of(own);
        double sum = 0;
        foreach (double difference in own)
        {
            double clipped = Math.Min(difference, clip);
            sum += clipped * clipped;
        }

        return sum / count;
    }

    private static void Centre(Span<double> values)
    {
        double median = Robust.Median(values) ?? 0;
        foreach (ref double value in values)
        {
            value -= median;
        }
    }

    /// <summary>Clips at three robust standard deviations and centres again.</summary>
    private static void Clip(double[] rest)
    {
        double[] sizes = Array.ConvertAll(rest, Math.Abs);
        double clip = ClipAt * Spread.Of(sizes);
        double sum = 0;
        foreach (ref double value in rest.AsSpan())
        {
            value = Math.Clamp(value, -clip, clip);
            sum += value;
        }

        double mean = sum / rest.Length;
        foreach (ref double value in rest.AsSpan())
        {
            value -= mean;
        }
    }

    private static double Product(double[] values, int lag)
    {
        double sum = 0;
        for (int i = lag; i < values.Length; i++)
        {
            sum += values[i] * values[i - lag];
        }

        return sum;
    }
}
