using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Suggestions;

/// <summary>
/// Suggests a limit from one value per day, each the lowest limit that would not have been exceeded on that day. The suggestion is the 95th percentile of these, rounded up: on one
/// day in twenty something is unusual, and a limit that follows the worst day would never be exceeded at all. A value within a tenth of the one in effect is no change.
/// </summary>
public static class DailyLimit
{
    /// <summary>The minimum number of days.</summary>
    public const int MinimumDays = 5;

    private const double Quantile = 0.95;
    private const double Same = 0.1;

    /// <summary>Returns the suggestion.</summary>
    /// <param name="info">The threshold.</param>
    /// <param name="current">The value in effect, where the limit of a type may be the general one.</param>
    /// <param name="days">The value of each day, in any order; values that are not finite are left out.</param>
    /// <param name="roundUp">Rounds to a legible value that is not smaller.</param>
    /// <param name="dayWord">What a value is called: <c>days</c>, or <c>days of hosts</c>.</param>
    /// <param name="floor">The lowest value that is a problem by what the threshold means, see <see cref="SuggestionFloors"/>; nothing below it is suggested.</param>
    public static ThresholdSuggestion Suggest(ThresholdInfo info, double current, IEnumerable<double> days, Func<double, double> roundUp, string dayWord = "days", double floor = 0)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(roundUp);
        double[] sorted = [.. days.Where(double.IsFinite).Order()];
        if (sorted.Length < MinimumDays)
        {
            return new(info.WireName, current, null, null, null, sorted.Length, $"Not enough data: {Format.Count((long)sorted.Length)} of {MinimumDays} {dayWord}.");
        }

        double usual = roundUp(sorted[(int)Math.Ceiling(Quantile * sorted.Length) - 1]);

        // Of what was always far below a problem, the history says nothing about where a problem begins.
        double suggested = Math.Clamp(usual < floor ? Math.Max(current, floor) : usual, info.Min, info.Max);
        double now = Rate(sorted, current);
        double then = Rate(sorted, suggested);
        bool isSame = Math.Abs(suggested - current) <= Same * current;
        return new(
            info.WireName, current, isSame ? current : suggested, now, isSame ? now : then, sorted.Length,
            isSame
                ? $"{Text(current, info)} fits: exceeded on {Format.Ratio(now)} of {Format.Count((long)sorted.Length)} {dayWord}.{(usual < floor ? $" Nothing below {Text(floor, info)} is suggested." : "")}"
                : $"{Text(suggested, info)} would have been exceeded on {Format.Ratio(then)} of {Format.Count((long)sorted.Length)} {dayWord}; {Text(current, info)} was on {Format.Ratio(now)}.");
    }

    /// <summary>Two significant digits, rounded up.</summary>
    public static double TwoDigits(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(Math.Ceiling((value / unit) - 1e-9) * unit, 6);
    }

    private static string Text(double value, ThresholdInfo info) => info.Unit == "share" ? Format.Ratio(value) : Format.Exact(value, info.Unit);

    private static double Rate(double[] days, double limit) => (double)days.Count(day => day > limit) / days.Length;
}
