using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>
/// Compares the times of two arms within strata of comparable operations: the test of van Elteren, which is that of Mann and Whitney when there is one stratum, and the estimator of
/// Hodges and Lehmann on logarithms for the ratio, with the interval of Moses.
/// </summary>
internal static class EffectTest
{
    /// <summary>The minimum number of advised operations.</summary>
    public const int MinAdvised = 30;

    /// <summary>The minimum number of operations with the defaults.</summary>
    public const int MinDefault = 10;

    /// <summary>With as many of both and without a significant difference there is none that matters.</summary>
    public const int EnoughAdvised = 200;

    /// <inheritdoc cref="EnoughAdvised"/>
    public const int EnoughDefault = 40;

    /// <summary>The ratios between which a difference does not matter.</summary>
    public const double SameLow = 0.95;

    /// <inheritdoc cref="SameLow"/>
    public const double SameHigh = 1.05;

    // The verdict is looked at again and again, which finds chance differences more often than once.
    private const double Significant = 0.01;

    // The latest of each arm in a stratum, because the pairs are all compared.
    private const int MaxPerArm = 40;

    // Of all strata together: many with few operations each count as much as few with many.
    private const int MaxPairs = 16 * MaxPerArm * MaxPerArm;

    // A failed operation has no time to success: it counts as longer than any that succeeded.
    private const double Failed = 1e7;

    /// <summary>Compares; a value of <see langword="null"/> is a failed operation.</summary>
    public static AdviceEffect Compare(AdviceTopic topic, string? subject, IEnumerable<EffectStratum> strata)
    {
        var all = strata.ToList();
        var both = Comparable(all);
        int advised = both.Sum(stratum => stratum.Advised.Count);
        int defaults = both.Sum(stratum => stratum.Default.Count);
        var counts = new ArmCounts(
            all.Sum(stratum => stratum.Advised.Count), all.Sum(stratum => stratum.Default.Count),
            both.Sum(stratum => stratum.Advised.Count(value => value is null)), both.Sum(stratum => stratum.Default.Count(value => value is null)));
        if (VanElteren.Compare(both.Select(stratum => (Sketch(stratum.Advised), Sketch(stratum.Default)))) is not { } test)
        {
            return new(topic, subject, AdviceVerdict.NotEnoughData, advised, defaults, null, null, null, null) { Counts = counts };
        }

        var ratio = Ratio(both);
        return new(topic, subject, Verdict(advised, defaults, test, ratio), advised, defaults, ratio?.Middle, ratio?.Low, ratio?.High, test.PValue) { Counts = counts };
    }

    /// <summary>The strata with operations of both arms, those with the most first, as many as may be compared.</summary>
    public static List<EffectStratum> Comparable(IEnumerable<EffectStratum> strata)
    {
        var both = new List<EffectStratum>();
        int pairs = 0;
        foreach (var stratum in strata.Where(stratum => stratum.Advised.Count > 0 && stratum.Default.Count > 0)
            .OrderByDescending(stratum => Math.Min(stratum.Advised.Count, stratum.Default.Count)))
        {
            pairs += Math.Min(stratum.Advised.Count, MaxPerArm) * Math.Min(stratum.Default.Count, MaxPerArm);
            if (pairs > MaxPairs)
            {
                break;
            }

            both.Add(stratum);
        }

        return both;
    }

    private static AdviceVerdict Verdict(int advised, int defaults, RankComparison test, (double Low, double Middle, double High)? ratio)
    {
        if (advised < MinAdvised || defaults < MinDefault)
        {
            return AdviceVerdict.NotEnoughData;
        }

        if (test.PValue < Significant)
        {
            return test.Z < 0 ? AdviceVerdict.Helped : AdviceVerdict.Harmed;
        }

        return (ratio is { } known && known.Low >= SameLow && known.High <= SameHigh) || (advised >= EnoughAdvised && defaults >= EnoughDefault) ? AdviceVerdict.NoDifference : AdviceVerdict.NotEnoughData;
    }

    private static DurationSketch Sketch(IReadOnlyList<double?> values)
    {
        var sketch = new DurationSketch();
        foreach (double? value in values)
        {
            sketch.Add(value ?? Failed);
        }

        return sketch;
    }

    /// <summary>
    /// The median of the pairwise ratios of successful operations within strata; the interval takes the order statistics at half the pairs ± 1.96 √(Σ n m (n + m + 1) / 12).
    /// </summary>
    private static (double Low, double Middle, double High)? Ratio(List<EffectStratum> strata)
    {
        var pairs = new List<double>();
        double variance = 0;
        foreach (var stratum in strata)
        {
            double[] advised = Latest(stratum.Advised);
            double[] defaults = Latest(stratum.Default);
            variance += advised.Length * (double)defaults.Length * (advised.Length + defaults.Length + 1) / 12;
            foreach (double one in advised)
            {
                foreach (double other in defaults)
                {
                    pairs.Add(Math.Log(one / other));
                }
            }
        }

        if (pairs.Count == 0)
        {
            return null;
        }

        pairs.Sort();
        double half = NormalDistribution.Z975 * Math.Sqrt(variance);
        double At(double rank) => Math.Exp(pairs[(int)Math.Clamp(Math.Round(rank), 0, pairs.Count - 1)]);
        return (At((pairs.Count / 2.0) - half - 1), Math.Exp((pairs[(pairs.Count - 1) / 2] + pairs[pairs.Count / 2]) / 2), At((pairs.Count / 2.0) + half));
    }

    private static double[] Latest(IReadOnlyList<double?> values) => [.. values.Where(value => value > 0).Select(value => value!.Value).TakeLast(MaxPerArm)];
}

/// <summary>Comparable operations.</summary>
/// <param name="Advised">The times to success of those that followed advice, in the order of their ends; <see langword="null"/> for one that failed.</param>
/// <param name="Default">Of those that used the defaults.</param>
internal sealed record EffectStratum(IReadOnlyList<double?> Advised, IReadOnlyList<double?> Default);
