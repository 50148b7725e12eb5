using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Statistics.Forecasting;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>When a limit will be reached if a trend goes on.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Early">The 10 % quantile of the hours until then.</param>
/// <param name="Median">The median.</param>
/// <param name="Late">The 90 % quantile; infinite when it may never be reached.</param>
/// <param name="Level">The present level of the trend.</param>
/// <param name="SlopePerHour">The slope, in the unit of the target per hour.</param>
/// <param name="PValue">The p-value of the trend.</param>
/// <param name="Since">The beginning of the trend.</param>
/// <param name="SinceLow">The earliest plausible beginning.</param>
/// <param name="SinceHigh">The latest plausible beginning.</param>
public sealed record ResourceOutlook(
    ForecastLimit Limit, double Early, double Median, double Late, double Level, double SlopePerHour, double PValue,
    DateTimeOffset Since, DateTimeOffset SinceLow, DateTimeOffset SinceHigh)
{
    /// <summary>The steps of a fast forecast, and how far it looks back.</summary>
    public static readonly TimeSpan FastStep = TimeSpan.FromMinutes(5);

    /// <summary>How far a fast forecast looks back.</summary>
    public static readonly TimeSpan FastWindow = TimeSpan.FromHours(6);

    /// <summary>The steps of a slow forecast.</summary>
    public static readonly TimeSpan SlowStep = TimeSpan.FromHours(1);

    /// <summary>How far a slow forecast looks back.</summary>
    public static readonly TimeSpan SlowWindow = TimeSpan.FromDays(14);

    // A trend lasts at least an hour, a slow one a day: what is shorter is a burst.
    private const int FastMinimum = 12;
    private const int SlowMinimum = 24;
    private const int FreshSteps = 3;

    // How much longer than it has lasted a trend is continued.
    private const double MaxFastHours = 24;
    private const double FastHorizon = 1.5;

    // Of a host that is known for less than a day, a rise may be that of the morning.
    private const double UnknownHorizon = 0.5;
    private const int KnownHours = 24;
    private const double SlowHorizon = 2;

    // An interval wider than this is no forecast.
    private const double MaxSpread = 4;

    // A swing up to this much larger than those before is one of them.
    private const double SwingTolerance = 1.25;
    private const double LeastProbability = 1 / 3.0;

    /// <summary>Looks for a trend of the last hours.</summary>
    /// <param name="target">The resource.</param>
    /// <param name="recent">Its five-minute series.</param>
    /// <param name="hours">Its hourly series, which tells what is usual; <see langword="null"/> when there is none.</param>
    /// <param name="now">The time.</param>
    public static ResourceOutlook? Fast(ForecastTarget target, ResourceSeries recent, ResourceSeries? hours, DateTimeOffset now)
    {
        if (!target.IsAmount || Recent(recent, now) is not { } series || series.Values.Length < FastMinimum)
        {
            return null;
        }

        var regime = LinearRegime.Find(series.Values, FastMinimum);
        double[] known = hours is null ? [] : [.. hours.Values];
        var began = regime.Start == 0 && hours is not null ? TrendStart.Find(series.Values, series.Start, series.Step, hours) : series.TimeOf(regime.Start);
        bool isKnown = hours is not null && known.Where((value, i) => double.IsFinite(value) && hours.TimeOf(i + 1) <= began).Take(KnownHours).Count() == KnownHours;
        bool isTrusted = isKnown || !target.IsRising;
        double lasted = (series.TimeOf(series.Values.Length) - (isTrusted ? began : series.TimeOf(regime.Start))).TotalHours;

        // Loads come and go within hours: only what runs out is worth a warning.
        var outlook = Of(
            target, series, [.. target.Limits.Where(limit => limit.IsExhaustion)], regime, [known, series.Values],
            Math.Min(MaxFastHours, lasted * (isTrusted ? FastHorizon : UnknownHorizon)));
        return outlook is null || began >= outlook.Since ? outlook : outlook with { Since = began, SinceLow = began - SlowStep, SinceHigh = began + SlowStep };
    }

    /// <summary>Looks for a trend of days or weeks.</summary>
    /// <param name="target">The resource.</param>
    /// <param name="hours">Its hourly series.</param>
    /// <param name="now">The time.</param>
    public static ResourceOutlook? Slow(ForecastTarget target, ResourceSeries hours, DateTimeOffset now)
    {
        if (Recent(hours, now) is not { } series || series.Values.Length < SlowMinimum)
        {
            return null;
        }

        double[] plain = DailyProfile.Without(series.Values, out double least, out double most);
        var regime = LinearRegime.Find(plain, SlowMinimum);

        // The limit is reached at the worst hour of the day.
        double worst = target.IsRising ? most : least;
        var limits = target.Limits.Select(limit => limit with { Value = limit.Value - worst }).ToList();
        var outlook = Of(target, series with { Values = plain }, limits, regime, [plain], SlowHorizon * (plain.Length - regime.Start));
        outlook = outlook is null ? null : outlook with { Limit = outlook.Limit with { Value = outlook.Limit.Value + worst } };
        return outlook is null || !IsDoubted(target, series.Values, outlook) ? outlook : null;
    }

    /// <summary>The methods that forecast any series disagree, where they can look as far.</summary>
    private static bool IsDoubted(ForecastTarget target, double[] values, ResourceOutlook outlook)
    {
        int horizon = values.Length / 3;
        return outlook.Late <= horizon
            && Forecaster.Forecast(values, horizon, 24, 168) is { Paths.Count: > 0 } forecast
            && !(forecast.FirstPassage(outlook.Limit.Value, target.IsRising)?.Probability >= LeastProbability);
    }

    private static ResourceOutlook? Of(
        ForecastTarget target, Piece series, IReadOnlyList<ForecastLimit> limits, LinearRegime regime, IReadOnlyList<double[]> known, double horizon)
    {
        int sign = target.IsRising ? 1 : -1;
        var values = series.Values.AsSpan(regime.Start);
        double stepHours = series.Step.TotalHours;

        // Most resources do not come near a limit: the least-squares line tells that at little cost.
        var (perStep, level) = new LineSums(values).Line(0, values.Length);
        var reachable = limits.Where(limit => (limit.Value - level) * sign > 0 && (limit.Value - level) / perStep * stepHours is >= 0 and var ahead && ahead <= 2 * horizon).ToList();
        if (perStep * sign <= 0 || reachable.Count == 0 || TrendPassage.Of(values, stepHours) is not { } trend)
        {
            return null;
        }

        foreach (var limit in reachable)
        {
            if (trend.Reaches(limit.Value) is { } when && when.Median <= horizon && when.Late <= MaxSpread * Math.Max(when.Early, stepHours)
                && !IsSwing(trend, sign, known))
            {
                return new(
                    limit, when.Early, when.Median, when.Late, trend.Level, trend.SlopePerHour, trend.PValue,
                    series.TimeOf(regime.Start), series.TimeOf(regime.StartLow), series.TimeOf(regime.StartHigh));
            }
        }

        return null;
    }

    /// <summary>Whether it did the same before and turned back.</summary>
    private static bool IsSwing(TrendPassage trend, int sign, IReadOnlyList<double[]> known) =>
        sign * (trend.Level - trend.FirstLevel) <= SwingTolerance * known.Max(values => Swings.Largest(values, sign));

    /// <summary>The measured part of a series that ends now, with its gaps filled; <see langword="null"/> when nothing was measured lately.</summary>
    private static Piece? Recent(ResourceSeries series, DateTimeOffset now)
    {
        double[] values = [.. series.Values];
        int end = values.Length;
        while (end > 0 && (!double.IsFinite(values[end - 1]) || series.TimeOf(end - 1) >= now))
        {
            end--;
        }

        int first = 0;
        while (first < end && !double.IsFinite(values[first]))
        {
            first++;
        }

        return end > first && now - series.TimeOf(end) <= FreshSteps * series.Step
            ? new(series.TimeOf(first), series.Step, Gaps.Filled(values.AsSpan(first, end - first)))
            : null;
    }

    private sealed record Piece(DateTimeOffset Start, TimeSpan Step, double[] Values)
    {
        public DateTimeOffset TimeOf(int index) => Start + (index * Step);
    }
}
