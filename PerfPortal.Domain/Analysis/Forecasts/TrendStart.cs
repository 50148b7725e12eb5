using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics.Forecasting;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>Finds the beginning of a straight trend that is older than the series in which it was found.</summary>
internal static class TrendStart
{
    // An hour lies on the line when it is this close: in deviations of the recent values, and in hours of the trend.
    private const double Deviations = 4;
    private const double Hours = 0.3;
    private const long MinuteMicroseconds = 60_000_000;

    /// <summary>
    /// Returns where the line of the recent values meets the level before it, or the start of the earliest of the unbroken hours on the line where they do not meet; the start of
    /// the recent values when there are no such hours.
    /// </summary>
    public static DateTimeOffset Find(double[] recent, DateTimeOffset start, TimeSpan step, ResourceSeries hours)
    {
        var sums = new LineSums(recent);
        var (perStep, last) = sums.Line(0, recent.Length);
        double perHour = perStep / step.TotalHours;
        double tolerance = Math.Max(Deviations * Math.Sqrt(sums.Residual(0, recent.Length) / recent.Length), Hours * Math.Abs(perHour));
        var end = start + ((recent.Length - 0.5) * step);
        var began = start;
        for (int i = hours.Values.Count - 1; i >= 0; i--)
        {
            var middle = hours.TimeOf(i) + (hours.Step / 2);
            if (middle >= start || !double.IsFinite(hours.Values[i]))
            {
                continue;
            }

            if (Math.Abs(hours.Values[i] - (last + (perHour * (middle - end).TotalHours))) > tolerance)
            {
                // A flat line meets nothing.
                double met = (end - began).TotalHours + ((hours.Values[i] - last) / perHour);
                return Math.Abs(met) <= hours.Step.TotalHours ? WholeMinute(began.AddHours(met)) : began;
            }

            began = hours.TimeOf(i);
        }

        return began;
    }

    private static DateTimeOffset WholeMinute(DateTimeOffset time) => Microseconds.ToTime(time.ToMicroseconds() / MinuteMicroseconds * MinuteMicroseconds);
}
