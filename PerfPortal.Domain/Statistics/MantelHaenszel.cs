namespace PerfPortal.Domain.Statistics;

/// <summary>The successes of one stratum in two periods.</summary>
/// <param name="Succeeded">The successes in the period.</param>
/// <param name="Count">The trials in the period.</param>
/// <param name="BaseSucceeded">The successes in the base period.</param>
/// <param name="BaseCount">The trials in the base period.</param>
public readonly record struct SuccessStratum(long Succeeded, long Count, long BaseSucceeded, long BaseCount);

/// <summary>The result of a stratified comparison of success rates.</summary>
/// <param name="Excess">The successes of the period beyond those expected without a difference.</param>
/// <param name="PValue">The two-sided p-value, 0–1.</param>
/// <param name="IsExact">Whether the exact conditional test was used rather than the normal approximation.</param>
public readonly record struct StratifiedShares(double Excess, double PValue, bool IsExact);

/// <summary>
/// The test of Mantel and Haenszel ("Statistical aspects of the analysis of data from retrospective studies of disease", 1959) on success rates within strata: the successes
/// of the period are compared with those expected from the margins of each stratum. Where the criterion of Mantel and Fleiss (1980) finds too few events for the normal
/// approximation, the exact distribution of their sum, the convolution of the hypergeometric distributions, is used; with one stratum that is Fisher's exact test.
/// </summary>
public static class MantelHaenszel
{
    private const double SmallMargin = 5;

    // Relative to the most likely count; what is less likely does not change the sum of a double.
    private const double Negligible = 1e-25;

    /// <summary>Compares the success rates; <see langword="null"/> when no stratum has trials in both periods.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or there are more successes than trials.</exception>
    public static StratifiedShares? Compare(IEnumerable<SuccessStratum> strata)
    {
        ArgumentNullException.ThrowIfNull(strata);
        var tables = new List<Table>();
        bool hasTrials = false;
        foreach (var stratum in strata)
        {
            Check(stratum.Succeeded, stratum.Count);
            Check(stratum.BaseSucceeded, stratum.BaseCount);
            if (stratum.Count == 0 || stratum.BaseCount == 0)
            {
                continue;
            }

            hasTrials = true;
            var table = Table.Of(stratum);
            if (table.Last > table.First)
            {
                tables.Add(table);
            }
        }

        if (!hasTrials)
        {
            return null;
        }

        double excess = tables.Sum(table => table.Failed - table.Expected);
        if (tables.Count == 0)
        {
            return new StratifiedShares(0, 1, true);
        }

        double low = tables.Sum(table => table.Expected - table.First);
        double high = tables.Sum(table => table.Last - table.Expected);
        if (Math.Min(low, high) < SmallMargin)
        {
            return new StratifiedShares(-excess, Exact(tables), true);
        }

        double z = excess / Math.Sqrt(tables.Sum(table => table.Variance));
        return new StratifiedShares(-excess, NormalDistribution.TwoSided(z), false);
    }

    private static void Check(long successes, long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
    }

    /// <summary>The sum of the probabilities of all totals that are at most as likely as the observed one.</summary>
    private static double Exact(List<Table> tables)
    {
        double[] sum = [1];
        long observed = 0;
        foreach (var table in tables)
        {
            var (from, one) = table.Probabilities();
            observed += table.Failed - from;
            double[] next = new double[sum.Length + one.Length - 1];
            for (int i = 0; i < sum.Length; i++)
            {
                for (int k = 0; k < one.Length; k++)
                {
                    next[i + k] += sum[i] * one[k];
                }
            }

            sum = next;
        }

        double limit = sum[observed] * (1 + 1e-9);
        return Math.Min(1, sum.Where(probability => probability <= limit).Sum() / sum.Sum());
    }

    /// <param name="Failed">The failures in the period.</param>
    /// <param name="Count">The trials in the period.</param>
    /// <param name="BaseCount">The trials in the base period.</param>
    /// <param name="AllFailed">The failures in both.</param>
    private readonly record struct Table(long Failed, long Count, long BaseCount, long AllFailed)
    {
        public long First => Math.Max(0, AllFailed - BaseCount);

        public long Last => Math.Min(AllFailed, Count);

        private double All => (double)Count + BaseCount;

        public double Expected => Count * (AllFailed / All);

        public double Variance => Expected * (1 - AllFailed / All) * BaseCount / (All - 1);

        public static Table Of(SuccessStratum stratum) => new(
            stratum.Count - stratum.Succeeded, stratum.Count, stratum.BaseCount, stratum.Count - stratum.Succeeded + stratum.BaseCount - stratum.BaseSucceeded);

        /// <summary>
        /// The hypergeometric probabilities of a range of counts that contains the observed one and all that are not negligible, built outwards from the most likely one, so
        /// that nothing overflows.
        /// </summary>
        public (long From, double[] Values) Probabilities()
        {
            long mode = Math.Clamp((long)((AllFailed + 1.0) * (Count + 1.0) / (All + 2)), First, Last);
            var above = new List<double>();
            double weight = 1;
            for (long k = mode; k < Last && (weight > Negligible || k < Failed); k++)
            {
                above.Add(weight *= Ratio(k));
            }

            var below = new List<double>();
            weight = 1;
            for (long k = mode; k > First && (weight > Negligible || k > Failed); k--)
            {
                below.Add(weight /= Ratio(k - 1));
            }

            double sum = 1 + above.Sum() + below.Sum();
            below.Reverse();
            return (mode - below.Count, [.. below.Append(1).Concat(above).Select(value => value / sum)]);
        }

        private double Ratio(long k) => (AllFailed - k) / (k + 1.0) * ((Count - k) / (BaseCount - AllFailed + k + 1.0));
    }
}
