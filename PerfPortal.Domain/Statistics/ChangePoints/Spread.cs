namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>The robust standard deviation of deviations from a level.</summary>
internal static class Spread
{
    private const double MadScale = 1.4826;
    private const double NinetiethScale = 0.6080;

    /// <summary>
    /// 1.4826 times the median of the amounts; where more than half of them are 0, as in a series that is mostly constant, 0.608 times their 90th percentile, which is
    /// the same for normal values. 0 when fewer than a tenth of them differ from 0. Reorders the amounts.
    /// </summary>
    public static double Of(Span<double> amounts)
    {
        double median = Robust.MedianInPlace(amounts);
        if (median > 0)
        {
            return MadScale * median;
        }

        amounts.Sort();
        return NinetiethScale * amounts[(int)(0.9 * (amounts.Length - 1))];
    }
}
