using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>
/// Compares the times of two arms within strata of comparable operations: the test of van Elteren, which is that of Mann and Whitney when there is one stratum, and the ratio with its interval that belong to it
/// (<see cref="RatioTest"/>).
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
    private const double Significant = 1 - AdviceEffect.IntervalLevel;

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
        var test = new RatioTest(both, Significant);
        if (test.At(1) is not { } same)
        {
            return new(topic, subject, AdviceVerdict.NotEnoughData, advised, defaults, null, null, null, null) { Counts = counts };
        }

        var (low, ratio, high) = test.Estimate();
        return new(topic, subject, Verdict(advised, defaults, same, low, high), advised, defaults, ratio, low, high, same.PValue) { Counts = counts };
    }

    /// <summary>The strata with operations of both arms.</summary>
    public static List<EffectStratum> Comparable(IEnumerable<EffectStratum> strata) => [.. strata.Where(stratum => stratum.Advised.Count > 0 && stratum.Default.Count > 0)];

    private static AdviceVerdict Verdict(int advised, int defaults, RankComparison test, double? low, double? high)
    {
        if (advised < MinAdvised || defaults < MinDefault)
        {
            return AdviceVerdict.NotEnoughData;
        }

        if (test.PValue < Significant)
        {
            return test.Z < 0 ? AdviceVerdict.Helped : AdviceVerdict.Harmed;
        }

        return (low >= SameLow && high <= SameHigh) || (advised >= EnoughAdvised && defaults >= EnoughDefault) ? AdviceVerdict.NoDifference : AdviceVerdict.NotEnoughData;
    }
}

/// <summary>Comparable operations.</summary>
/// <param name="Advised">The times to success of those that followed advice, in the order of their ends; <see langword="null"/> for one that failed.</param>
/// <param name="Default">Of those that used the defaults.</param>
internal sealed record EffectStratum(IReadOnlyList<double?> Advised, IReadOnlyList<double?> Default);
