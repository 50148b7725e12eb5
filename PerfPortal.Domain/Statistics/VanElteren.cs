namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The stratified rank-sum test of van Elteren ("On the combination of independent two-sample tests of Wilcoxon", 1960): the excess of wins of each stratum, divided by
/// its size plus one, is summed; a difference between the strata, or a change of their sizes, does not enter. Normal approximation with tie correction and a continuity
/// correction of half the smallest step. With one stratum it is the Mann–Whitney test (<see cref="MannWhitney"/>).
/// </summary>
public static class VanElteren
{
    /// <summary>Compares two sets of durations within strata; strata without values on either side are ignored.</summary>
    /// <returns>The result, or <see langword="null"/> when fewer than <see cref="MannWhitney.MinimumValues"/> values on either side are in strata with both.</returns>
    public static RankComparison? Compare(IEnumerable<(DurationSketch Now, DurationSketch Base)> strata)
    {
        ArgumentNullException.ThrowIfNull(strata);
        return Compare(strata.Where(stratum => stratum.Now.Count > 0 && stratum.Base.Count > 0).Select(stratum => (RankSum.Of(stratum.Now, stratum.Base), stratum.Now.Count, stratum.Base.Count)));
    }

    /// <summary>Compares two sets within strata by their pairwise wins; each stratum has values on both sides.</summary>
    /// <returns>The result, or <see langword="null"/> when there are fewer than <see cref="MannWhitney.MinimumValues"/> values on either side.</returns>
    internal static RankComparison? Compare(IEnumerable<(RankSum Ranks, long Now, long Base)> strata)
    {
        double excess = 0;
        double variance = 0;
        double wins = 0;
        double pairs = 0;
        double step = double.PositiveInfinity;
        long now = 0;
        long before = 0;
        foreach (var (ranks, countNow, countBase) in strata)
        {
            double weight = 1.0 / (countNow + countBase + 1.0);
            excess += weight * ranks.Excess;
            variance += weight * weight * ranks.Variance;
            wins += weight * ranks.Wins;
            pairs += weight * ranks.Pairs;
            step = Math.Min(step, weight);
            now += countNow;
            before += countBase;
        }

        if (now < MannWhitney.MinimumValues || before < MannWhitney.MinimumValues)
        {
            return null;
        }

        if (variance == 0)
        {
            return new RankComparison(0, 1, wins / pairs);
        }

        double z = Math.Sign(excess) * Math.Max(0, Math.Abs(excess) - step / 2) / Math.Sqrt(variance);
        return new RankComparison(z, NormalDistribution.TwoSided(z), wins / pairs);
    }
}
