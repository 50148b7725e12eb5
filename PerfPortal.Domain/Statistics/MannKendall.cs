namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The Mann–Kendall trend test (Kendall 1975) with tie correction, and the Theil–Sen slope (Sen 1968). Because neighbouring measurements are
/// correlated, the variance is corrected by the effective sample size of Yue and Wang ("The Mann–Kendall test modified by effective sample size",
/// 2004) for the lag-1 autocorrelation of the detrended series. Negative autocorrelation does not reduce the variance, and points that lie on a line up to
/// rounding have none: what remains of them without the trend has no meaning.
/// </summary>
public static class MannKendall
{
    /// <summary>The minimum number of points.</summary>
    public const int MinimumPoints = 8;

    /// <summary>The default maximum number of points tested individually.</summary>
    public const int DefaultMaximumPoints = 400;

    private const double HighestAutocorrelation = 0.98;

    // Residuals this small against the change along the line: of random walks, which remember most, fewer than 0.5 % stay this close to a line.
    private const double StraightShare = 0.05;

    /// <summary>
    /// Tests points in any order. Non-finite values are ignored and values with the same time are averaged.
    /// The autocorrelation correction assumes that points are roughly evenly spaced.
    /// </summary>
    /// <param name="points">The series.</param>
    /// <param name="maximumPoints">The maximum number of points tested individually; more are first reduced to block means. The cost is quadratic in it.</param>
    /// <returns><see langword="null"/> with fewer than <see cref="MinimumPoints"/> points.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumPoints"/> is below <see cref="MinimumPoints"/>.</exception>
    public static TrendResult? Test(IEnumerable<TimedValue> points, int maximumPoints = DefaultMaximumPoints)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPoints, MinimumPoints);
        var series = Series.From(points).ReducedTo(maximumPoints);
        double[] values = series.Values;
        if (values.Length < MinimumPoints)
        {
            return null;
        }

        double variance = VarianceOfScore(values);
        if (variance == 0)
        {
            return new TrendResult(values.Length, 0, 1, 0, 0);
        }

        double slope = series.TheilSenSlope();
        double[] residuals = series.Without(slope);
        double autocorrelation = Deviation(residuals) <= StraightShare * Math.Abs(slope) * series.Length ? 0 : LagOne(residuals);
        long score = Score(values);
        double z = (score - Math.Sign(score)) / Math.Sqrt(variance * Widening(values.Length, autocorrelation));
        return new TrendResult(values.Length, slope, NormalDistribution.TwoSided(z), z, autocorrelation);
    }

    internal static long Score(ReadOnlySpan<double> values)
    {
        long score = 0;
        for (int i = 0; i < values.Length; i++)
        {
            for (int j = i + 1; j < values.Length; j++)
            {
                score += values[j].CompareTo(values[i]);
            }
        }

        return score;
    }

    internal static double VarianceOfScore(double[] values)
    {
        static double Term(double n) => n * (n - 1) * (2 * n + 5) / 18;
        return Term(values.Length) - values.GroupBy(value => value).Sum(tie => Term(tie.Count()));
    }

    private static double Deviation(double[] residuals)
    {
        double mean = residuals.Average();
        return Math.Sqrt(residuals.Average(residual => (residual - mean) * (residual - mean)));
    }

    // Corrects the sample autocorrelation for its bias of −(1 + 4ρ)/n (Kendall 1954); short series would otherwise look independent.
    internal static double LagOne(ReadOnlySpan<double> residuals)
    {
        int n = residuals.Length;
        double mean = 0;
        foreach (double residual in residuals)
        {
            mean += residual / n;
        }

        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            squares += (residuals[i] - mean) * (residuals[i] - mean);
            if (i > 0)
            {
                products += (residuals[i] - mean) * (residuals[i - 1] - mean);
            }
        }

        return squares == 0 ? 0 : Math.Clamp((n * (products / squares) + 1) / (n - 4), -HighestAutocorrelation, HighestAutocorrelation);
    }

    // n / n* for an autoregressive process of first order: 1 + 2 Σ (1 − k/n) ρᵏ, in closed form.
    private static double Widening(int n, double rho) => rho <= 0
        ? 1
        : 1 + 2 * (Math.Pow(rho, n + 1) - n * rho * rho + (n - 1) * rho) / (n * (rho - 1) * (rho - 1));

    private sealed record Series(double[] Hours, double[] Values)
    {
        public double Length => Hours[^1] - Hours[0];

        public static Series From(IEnumerable<TimedValue> points)
        {
            var ordered = points as IReadOnlyList<TimedValue> ?? [.. points];
            if (!IsAscending(ordered))
            {
                ordered = Together(ordered);
            }

            double[] hours = new double[ordered.Count];
            double[] values = new double[ordered.Count];
            for (int i = 0; i < hours.Length; i++)
            {
                hours[i] = (double)(ordered[i].Time.UtcTicks - ordered[0].Time.UtcTicks) / TimeSpan.TicksPerHour;
                values[i] = ordered[i].Value;
            }

            return new Series(hours, values);
        }

        public Series ReducedTo(int maximum)
        {
            if (Values.Length <= maximum)
            {
                return this;
            }

            int size = (Values.Length + maximum - 1) / maximum;
            return new Series(
                [.. Hours.Chunk(size).Select(block => block.Average())],
                [.. Values.Chunk(size).Select(block => block.Average())]);
        }

        public double TheilSenSlope()
        {
            int n = Values.Length;
            double[] slopes = new double[n * (n - 1) / 2];
            int at = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++)
                {
                    slopes[at++] = (Values[j] - Values[i]) / (Hours[j] - Hours[i]);
                }
            }

            return Robust.MedianInPlace(slopes);
        }

        /// <summary>Whether all points are finite and in strictly ascending order of time, which is the usual case.</summary>
        private static bool IsAscending(IReadOnlyList<TimedValue> points)
        {
            for (int i = 0; i < points.Count; i++)
            {
                if (!double.IsFinite(points[i].Value) || (i > 0 && points[i].Time <= points[i - 1].Time))
                {
                    return false;
                }
            }

            return true;
        }

        private static List<TimedValue> Together(IEnumerable<TimedValue> points) =>
        [
            .. points.Where(point => double.IsFinite(point.Value)).GroupBy(point => point.Time.UtcTicks)
                .OrderBy(moment => moment.Key)
                .Select(moment => new TimedValue(moment.First().Time, moment.Average(point => point.Value))),
        ];

        public double[] Without(double slope) => [.. Values.Select((value, i) => value - slope * Hours[i])];
    }
}
