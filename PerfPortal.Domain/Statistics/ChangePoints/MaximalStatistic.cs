namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// The probability that the largest of the standardised statistics of all splits of a stretch without a change is at least this large
/// (Miller and Siegmund, "Maximally selected chi square statistics", Biometrics 1982, formula 8).
/// </summary>
internal static class MaximalStatistic
{
    /// <summary>The probability, 0–1.</summary>
    /// <param name="z">The largest statistic, by amount.</param>
    /// <param name="length">The number of values in the stretch.</param>
    /// <param name="margin">The number of values at each end where no split is allowed, at least 1.</param>
    public static double Probability(double z, int length, int margin)
    {
        z = Math.Abs(z);
        double first = Math.Min(0.5, Math.Max(1, margin) / (double)length);
        if (z < 1 || double.IsNaN(z))
        {
            return 1;
        }

        double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        double odds = (1 - first) / first;
        return Math.Min(1, density * ((z - 1 / z) * 2 * Math.Log(odds) + 4 / z));
    }
}
