using System.Globalization;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>Words of forecasts.</summary>
internal static class ForecastWords
{
    private const double DayHours = 24;
    private const double WeekHours = 168;

    // Up to these bounds the smaller unit says it better.
    private const double LongestInMinutes = 1.5;
    private const double LongestInHours = 48;
    private const double LongestInDays = 14 * DayHours;

    /// <summary><c>The disk of gpu-node-2 will have less than 5 GiB left in 8 h (5–12 h) and be full in 9 h (6–14 h): 41 GiB are free and shrink by 4.6 GiB/h since 2026-03-10 02:10 UTC.</c></summary>
    /// <param name="target">The resource.</param>
    /// <param name="host">The host.</param>
    /// <param name="outlook">The forecast.</param>
    /// <param name="pending">What running downloads still bring.</param>
    /// <param name="latest">The value of the newest sample, which the tiles show too; that of the trend when it has none.</param>
    public static string Sentence(ForecastTarget target, string host, ResourceOutlook outlook, PendingDownloads pending, double? latest = null)
    {
        double level = latest ?? outlook.Level;
        string end = $"in {When(outlook.Early, outlook.Median, outlook.Late)}";
        string sooner = outlook.Sooner is { } one ? $"{Passing(target, one.Value)} in {When(one.Early, one.Median, one.Late)} and " : "";
        string fate = outlook.Limit.IsExhaustion ? $"{sooner}be full {end}" : $"{Passing(target, outlook.Limit.Value)} {end}";
        string head = $"{target.What} of {host} will {fate}: ";
        if (pending.Count > 0 && pending.Gib >= level && !target.IsRising)
        {
            return head + $"running downloads need {Amount(pending.Gib, "GiB")} more, and {Amount(level, "GiB")} are free.";
        }

        string more = pending.Count > 0 && !target.IsRising ? $"; running downloads need {Amount(pending.Gib, "GiB")} more" : "";
        string state = target switch
        {
            { IsRising: false } => $"{Amount(level, target.Unit)} are free and shrink by {Pace(outlook.SlopePerHour, target.Unit)}",
            { IsAmount: true } => $"{Amount(level, target.Unit)} are in use and grow by {Pace(outlook.SlopePerHour, target.Unit)}",
            _ => $"it is {Amount(level, target.Unit)} and grows by {Pace(outlook.SlopePerHour, target.Unit)}",
        };
        return head + $"{state} since {Moments.Text(outlook.Since)}{more}.";
    }

    private static string Passing(ForecastTarget target, double threshold) =>
        target.IsRising ? $"exceed {Amount(threshold, target.Unit)}" : $"have less than {Amount(threshold, target.Unit)} left";

    /// <summary><c>9 h (6–14 h)</c>: the median, and the 10 % and 90 % quantiles.</summary>
    private static string When(double earliest, double middle, double latest)
    {
        var (unit, hours) = UnitOf(middle);
        string Whole(double value) => Math.Max(1, Math.Round(value / hours)).ToString("0", CultureInfo.InvariantCulture);
        string median = Whole(middle);
        string early = Whole(earliest);
        string late = double.IsFinite(latest) ? Whole(latest) : "…";
        string name = median == "1" && unit.Length > 3 ? unit[..^1] : unit;
        return early == late ? $"{median} {name}" : $"{median} {name} ({early}–{late} {unit})";
    }

    private static (string Unit, double Hours) UnitOf(double hours) => hours switch
    {
        < LongestInMinutes => ("min", 1 / 60.0),
        < LongestInHours => ("h", 1),
        < LongestInDays => ("days", DayHours),
        _ => ("weeks", WeekHours),
    };

    private static string Amount(double value, string unit) => Format.Value(value, unit);

    /// <summary>Per hour, or per day where that is less than a half of the unit.</summary>
    private static string Pace(double slopePerHour, string unit)
    {
        double perHour = Math.Abs(slopePerHour);
        bool isSlow = perHour < 0.5;
        double value = isSlow ? perHour * DayHours : perHour;
        string amount = unit == "%" ? $"{Format.Number(Math.Round(value, 1))} points" : Amount(value, unit);
        return unit == "%" ? $"{amount} per {(isSlow ? "day" : "hour")}" : $"{amount}/{(isSlow ? "day" : "h")}";
    }
}
