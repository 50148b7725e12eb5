using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>
/// The ratio of the times of two arms by which the test of van Elteren sees no difference, and the interval of the ratios that it does not reject: the test inverted (Hodges and Lehmann, 1963; Bauer, 1972), within
/// strata. So the interval excludes 1 exactly when the test is significant. A failed operation is longer than any at every ratio.
/// </summary>
internal sealed class RatioTest
{
    // From a millionth to a million: a bound beyond these is of no use to anybody.
    private static readonly double Farthest = Math.Log(1e6);

    // Halves the range to less than a billionth of it.
    private const int Steps = 36;

    private readonly List<(double[] Advised, double[] Default)> _strata;
    private readonly double _significant;

    /// <summary>Prepares the values.</summary>
    /// <param name="strata">The values; each stratum has some of both arms.</param>
    /// <param name="significant">The p-value below which a ratio is rejected.</param>
    public RatioTest(IEnumerable<EffectStratum> strata, double significant)
    {
        _strata = [.. strata.Select(stratum => (Advised: Sorted(stratum.Advised), Default: Sorted(stratum.Default))).Where(stratum => stratum.Advised.Length > 0 && stratum.Default.Length > 0)];
        _significant = significant;
    }

    /// <summary>Tests whether the times of the advised arm are those of the other one, times a ratio; <see langword="null"/> with too few values.</summary>
    /// <param name="ratio">The ratio, above 0; 1 for no difference.</param>
    public RankComparison? At(double ratio) =>
        VanElteren.Compare(_strata.Select(stratum => (RankSum.Of(stratum.Advised, stratum.Default, ratio), (long)stratum.Advised.Length, (long)stratum.Default.Length)));

    /// <summary>
    /// Returns the ratio and its interval; <see langword="null"/> for each that has no bound because of failed operations, or with too few values.
    /// </summary>
    public (double? Low, double? Middle, double? High) Estimate()
    {
        if (At(1) is not { } same)
        {
            return default;
        }

        double? middle = Middle();
        bool isSame = IsKept(0);
        double? inside = isSame ? 0 : middle ?? (same.Z < 0 ? KeptEnd(-Farthest) : KeptEnd(Farthest));
        return inside is { } kept ? (Bound(kept, -1, isSame ? null : same.Z), Exp(middle), Bound(kept, 1, isSame ? null : same.Z)) : (null, Exp(middle), null);
    }

    private static double? Exp(double? logarithm) => logarithm is { } value ? Math.Exp(value) : null;

    private static double[] Sorted(IReadOnlyList<double?> values) => [.. values.Select(value => value ?? double.PositiveInfinity).Where(value => !double.IsNaN(value)).Order()];

    private bool IsKept(double logarithm) => At(Math.Exp(logarithm))!.Value.PValue >= _significant;

    private double? KeptEnd(double end) => IsKept(end) ? end : null;

    /// <summary>The middle between the ratios at which more than half of the pairs are longer and those at which fewer are.</summary>
    private double? Middle()
    {
        double Superiority(double logarithm) => At(Math.Exp(logarithm))!.Value.Superiority;
        return Superiority(-Farthest) > 0.5 && Superiority(Farthest) < 0.5
            ? (Search(-Farthest, Farthest, at => Superiority(at) > 0.5) + Search(Farthest, -Farthest, at => Superiority(at) < 0.5)) / 2 : null;
    }

    /// <summary>The end of the interval in one direction; <see langword="null"/> when it has none.</summary>
    /// <param name="kept">A ratio that is not rejected.</param>
    /// <param name="direction">-1 for the lower end, 1 for the upper one.</param>
    /// <param name="z">The statistic at a ratio of 1 if that is rejected: then 1 lies beyond the end that faces it.</param>
    private double? Bound(double kept, int direction, double? z)
    {
        double beyond = z is { } rejected && Math.Sign(rejected) == -direction ? 0 : direction * Farthest;
        return beyond != 0 && IsKept(beyond) ? null : Math.Exp(Search(kept, beyond, IsKept));
    }

    /// <summary>Returns the last place on the way from one where a condition holds to one where it does not.</summary>
    private static double Search(double holds, double fails, Func<double, bool> condition)
    {
        for (int i = 0; i < Steps; i++)
        {
            double between = (holds + fails) / 2;
            (holds, fails) = condition(between) ? (between, fails) : (holds, between);
        }

        return holds;
    }
}
