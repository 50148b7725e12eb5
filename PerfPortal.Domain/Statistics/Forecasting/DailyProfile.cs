namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>The course of the day in an hourly series.</summary>
internal static class DailyProfile
{
    private const int Day = 24;
    private const int FewestDays = 3;

    /// <summary>
    /// The series without what the hours of the day have in common: the median deviation of each hour from the mean of the 24 hours around it. A series of less than three days is returned
    /// as it is.
    /// </summary>
    /// <param name="values">The hourly series, finite.</param>
    /// <param name="least">The deviation of the lowest hour, at most 0.</param>
    /// <param name="most">The deviation of the highest hour, at least 0.</param>
    public static double[] Without(ReadOnlySpan<double> values, out double least, out double most)
    {
        double[] rest = values.ToArray();
        (least, most) = (0, 0);
        if (rest.Length < FewestDays * Day)
        {
            return rest;
        }

        var deviations = new List<double>[Day];
        for (int hour = 0; hour < Day; hour++)
        {
            deviations[hour] = [];
        }

        // The centred mean of 24 values: those at both ends of the 25 count half.
        for (int i = Day / 2; i < rest.Length - (Day / 2); i++)
        {
            double sum = (rest[i - (Day / 2)] + rest[i + (Day / 2)]) / 2;
            for (int j = i - (Day / 2) + 1; j < i + (Day / 2); j++)
            {
                sum += rest[j];
            }

            deviations[i % Day].Add(rest[i] - (sum / Day));
        }

        double[] profile = [.. deviations.Select(hour => Robust.Median(hour.ToArray()) ?? 0)];
        double mean = profile.Average();
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] -= profile[i % Day] - mean;
        }

        (least, most) = (profile.Min() - mean, profile.Max() - mean);
        return rest;
    }
}
