namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>Rises that were followed by a fall: what a series does without consequence, such as a log that is rotated, or the load of a day.</summary>
internal static class Swings
{
    private const double Reverted = 0.5;

    /// <summary>The largest rise of which at least half was taken back; 0 without one.</summary>
    /// <param name="values">The series; values that are not finite are left out.</param>
    /// <param name="sign">1 for rises, −1 for falls that were followed by a rise.</param>
    public static double Largest(ReadOnlySpan<double> values, int sign)
    {
        double largest = 0;
        double trough = double.PositiveInfinity;
        double peak = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                continue;
            }

            double at = sign * value;
            if (at < trough && !(peak > trough))
            {
                trough = at;
                continue;
            }

            peak = Math.Max(peak, at);
            if (peak - at >= Reverted * (peak - trough) && peak > trough)
            {
                largest = Math.Max(largest, peak - trough);
                (trough, peak) = (at, at);
            }
        }

        return largest;
    }
}
