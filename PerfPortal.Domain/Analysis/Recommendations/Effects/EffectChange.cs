using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Recommendations.Effects;

/// <summary>A measured change.</summary>
/// <param name="Before">The measure before; <see langword="null"/> when only the change is known.</param>
/// <param name="After">The measure after.</param>
/// <param name="Change">The relative change, or the difference of shares.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Samples">The operations, or hours, after.</param>
public sealed record EffectChange(double? Before, double? After, double Change, double Low, double High, long Samples)
{
    /// <summary>The change of hourly values relative to their mean before; <see langword="null"/> without one.</summary>
    public static EffectChange? Of(PairedChange? pairs) => pairs is not { } paired || paired.Before <= 0
        ? null
        : new(paired.Before, paired.After, paired.Difference / paired.Before, paired.Low / paired.Before, paired.High / paired.Before, paired.Pairs);

    /// <summary>The difference of two shares with Newcombe's interval (method 10 in "Interval estimation for the difference between independent proportions", 1998).</summary>
    public static EffectChange OfShares(long hitsBefore, long before, long hitsAfter, long after)
    {
        var (was, isNow) = ((double)hitsBefore / before, (double)hitsAfter / after);
        var (wasLow, wasHigh) = ProportionTest.Wilson(hitsBefore, before);
        var (nowLow, nowHigh) = ProportionTest.Wilson(hitsAfter, after);
        double difference = isNow - was;
        return new(
            was, isNow, difference,
            difference - Math.Sqrt(Square(isNow - nowLow) + Square(wasHigh - was)),
            difference + Math.Sqrt(Square(nowHigh - isNow) + Square(was - wasLow)),
            after);
    }

    private static double Square(double value) => value * value;
}
