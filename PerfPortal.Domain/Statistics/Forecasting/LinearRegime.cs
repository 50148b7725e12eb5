namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>
/// The last piece of a series that consists of straight pieces with or without jumps between them. The pieces are found by splitting the latest one where two least-squares lines fit
/// better than one by more than 4 ln n in n ln(RSS): a Schwarz criterion as in Zhang and Siegmund, "A modified Bayes information criterion", 2007. Linear time for each split.
/// </summary>
/// <param name="Start">The index of its first value.</param>
/// <param name="StartLow">The lowest plausible index of its start.</param>
/// <param name="StartHigh">The highest plausible index.</param>
internal readonly record struct LinearRegime(int Start, int StartLow, int StartHigh)
{
    private const double Penalty = 4;
    private const int MaxSplits = 6;

    // Two splits are equally plausible when they differ by less: the 5 % point of half a chi-square with one degree of freedom.
    private const double Plausible = 1.92;

    // Deviations this small against the whole range are rounding.
    private const double Rounding = 1e-4;

    /// <summary>Finds the last piece.</summary>
    /// <param name="values">The series, finite.</param>
    /// <param name="minimum">The minimum number of values of a piece, at least 3.</param>
    public static LinearRegime Find(ReadOnlySpan<double> values, int minimum)
    {
        var sums = new LineSums(values);
        double noise = Rounding * Range(values);
        double floor = noise * noise;
        var found = default(LinearRegime);
        for (int splits = 0; splits < MaxSplits; splits++)
        {
            int start = found.Start;
            int length = values.Length - start;
            if (length < 2 * minimum || Split(sums, start, values.Length, minimum, floor) is not { } split)
            {
                break;
            }

            found = split;
        }

        return found;
    }

    private static LinearRegime? Split(LineSums sums, int start, int end, int minimum, double floor)
    {
        int length = end - start;
        double whole = sums.Residual(start, end) + (length * floor);
        double best = double.PositiveInfinity;
        int at = -1;
        for (int k = start + minimum; k <= end - minimum; k++)
        {
            double both = sums.Residual(start, k) + sums.Residual(k, end) + (length * floor);
            if (both < best)
            {
                (best, at) = (both, k);
            }
        }

        if (at < 0 || !(best > 0) || length * Math.Log(whole / best) <= 2 * Penalty * Math.Log(length))
        {
            return null;
        }

        double limit = best * Math.Exp(2 * Plausible / length);
        bool IsPlausible(int k) => sums.Residual(start, k) + sums.Residual(k, end) + (length * floor) <= limit;
        int low = at;
        int high = at;
        while (low > start + minimum && IsPlausible(low - 1))
        {
            low--;
        }

        while (high < end - minimum && IsPlausible(high + 1))
        {
            high++;
        }

        return new(at, low, high);
    }

    private static double Range(ReadOnlySpan<double> values)
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        foreach (double value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return values.IsEmpty ? 0 : most - least;
    }
}
