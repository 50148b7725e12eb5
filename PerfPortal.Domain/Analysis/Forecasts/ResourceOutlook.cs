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
    /// <summary>The threshold that is reached on the way to exhaustion; <see langword="null"/> when there is none, it lies behind, or <see cref="Limit"/> is one itself.</summary>
    public ThresholdOutlook? Sooner { get; init; }

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

    // How much longer than it has lasted a trend is continued.
    private const double MaxFastHours = 24;
    private const double FastHorizon = 1.5;

    // A steady trend that is beyond doubt, and twice as large as anything that turned back on three days before it, is continued for longer.
    private const double SteadyHorizon = 4;
    private const double MaxSteadyHours = 36;
    private const int SteadyKnownHours = 72;
    private const double SteadyAlpha = 1e-6;
    private const double SteadyHalfRatio = 1.5;
    private const double SteadySwings = 2;

    // Of a host that is known for less than a day, a rise may be that of the morning.
    private const double UnknownHorizon = 0.5;
    private const int KnownHours = 24;
    private const int WeekHours = 168;
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
        if (!target.IsAmount || RecentPiece.Of(recent, now) is not { } series || series.Values.Length < FastMinimum)
        {
            return null;
        }

        var regime = LinearRegime.Find(series.Values, FastMinimum);
        double[] known = hours is null ? [] : [.. hours.Values];
        var began = regime.Start == 0 && hours is not null ? TrendStart.Find(series.Values, series.Start, series.Step, hours) : series.TimeOf(regime.Start);
        int knownHours = hours is null ? 0 : known.Where((value, i) => double.IsFinite(value) && hours.TimeOf(i + 1) <= began).Take(SteadyKnownHours).Count();
        bool isTrusted = knownHours >= KnownHours || !target.IsRising;
        double lasted = (series.TimeOf(series.Values.Length) - (isTrusted ? began : series.TimeOf(regime.Start))).TotalHours;

        // Loads come and go within hours: only what runs out is worth a warning.
        var outlook = Of(
            target, series, target.Limits, onlyExhaustion: true, regime, [known, series.Values],
            Math.Min(MaxFastHours, lasted * (isTrusted ? FastHorizon : UnknownHorizon)),
            knownHours == SteadyKnownHours ? Math.Min(MaxSteadyHours, lasted * SteadyHorizon) : 0, allowsStandstill: knownHours == SteadyKnownHours);
        return outlook is null || began >= outlook.Since ? outlook : outlook with { Since = began, SinceLow = began - SlowStep, SinceHigh = began + SlowStep };
    }

    /// <summary>Looks for a trend of days or weeks.</summary>
    /// <param name="target">The resource.</param>
    /// <param name="hours">Its hourly series.</param>
    /// <param name="now">The time.</param>
    public static ResourceOutlook? Slow(ForecastTarget target, ResourceSeries hours, DateTimeOffset now)
    {
        if (RecentPiece.Of(hours, now) is not { } series || series.Values.Length < SlowMinimum)
        {
            return null;
        }

        double[] plain = DailyProfile.Without(series.Values, out double least, out double most);
        var regime = LinearRegime.Find(plain, SlowMinimum);

        // The limit is reached at the worst hour of the day.
        double worst = target.IsRising ? most : least;
        var limits = target.Limits.Select(limit => limit with { Value = limit.Value - worst }).ToList();
        var outlook = Of(
            target, series with { Values = plain }, limits, onlyExhaustion: false, regime, [plain], SlowHorizon * (plain.Length - regime.Start),
            steadyHorizon: 0, allowsStandstill: plain.Length >= WeekHours);
        outlook = outlook is null ? null : outlook with
        {
            Limit = outlook.Limit with { Value = outlook.Limit.Value + worst },
            Sooner = outlook.Sooner is { } sooner ? sooner with { Value = sooner.Value + worst } : null,
        };
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

    /// <param name="horizon">The number of hours for which a trend is continued.</param>
    /// <param name="steadyHorizon">The number for a steady trend, where it is larger.</param>
    /// <param name="allowsStandstill">As for <see cref="TrendPassage.Of"/>: where enough is known to tell a trend from what is usual.</param>
    private static ResourceOutlook? Of(
        ForecastTarget target, RecentPiece series, IReadOnlyList<ForecastLimit> limits, bool onlyExhaustion, LinearRegime regime, IReadOnlyList<double[]> known,
        double horizon, double steadyHorizon, bool allowsStandstill)
    {
        int sign = target.IsRising ? 1 : -1;
        var values = series.Values.AsSpan(regime.Start);
        double stepHours = series.Step.TotalHours;

        // Most resources do not come near a limit: the least-squares line tells that at little cost.
        var (perStep, level) = new LineSums(values).Line(0, values.Length);
        double farthest = Math.Max(horizon, steadyHorizon);
        var reachable = limits.Where(limit => limit.IsExhaustion || !onlyExhaustion)
            .Where(limit => (limit.Value - level) * sign > 0 && (limit.Value - level) / perStep * stepHours is >= 0 and var ahead && ahead <= 2 * farthest).ToList();
        if (perStep * sign <= 0 || reachable.Count == 0 || TrendPassage.Of(values, stepHours, allowsStandstill) is not { } trend)
        {
            return null;
        }

        foreach (var limit in reachable)
        {
            if (Reached(trend, limit, stepHours) is { } when && when.Median <= farthest && (when.Median <= horizon || IsSteady(trend, sign, known)) && !IsSwing(trend, sign, known))
            {
                return new(
                    limit, when.Early, when.Median, when.Late, trend.Level, trend.SlopePerHour, trend.PValue,
                    series.TimeOf(regime.Start), series.TimeOf(regime.StartLow), series.TimeOf(regime.StartHigh))
                {
                    Sooner = limit.IsExhaustion ? limits.Where(other => !other.IsExhaustion).Select(other => Threshold(trend, other, stepHours)).FirstOrDefault(other => other?.Median < when.Median) : null,
                };
            }
        }

        return null;
    }

    /// <summary>When a limit is reached; <see langword="null"/> when it is not, or that is too uncertain.</summary>
    private static PassageHours? Reached(TrendPassage trend, ForecastLimit limit, double stepHours) =>
        trend.Reaches(limit.Value) is { } when && when.Late <= MaxSpread * Math.Max(when.Early, stepHours) ? when : null;

    private static ThresholdOutlook? Threshold(TrendPassage trend, ForecastLimit limit, double stepHours) =>
        Reached(trend, limit, stepHours) is { } when ? new(limit.Value, when.Early, when.Median, when.Late) : null;

    /// <summary>Whether it did the same before and turned back.</summary>
    private static bool IsSwing(TrendPassage trend, int sign, IReadOnlyList<double[]> known, double tolerance = SwingTolerance) =>
        sign * (trend.Level - trend.FirstLevel) <= tolerance * known.Max(values => Swings.Largest(values, sign));

    /// <summary>Whether it goes on as it began, beyond doubt, and is unlike all before it.</summary>
    private static bool IsSteady(TrendPassage trend, int sign, IReadOnlyList<double[]> known) =>
        trend.PValue < SteadyAlpha && trend.HalfRatio is > 1 / SteadyHalfRatio and < SteadyHalfRatio && !IsSwing(trend, sign, known, SteadySwings);
}

/// <summary>When a threshold of the settings will be reached.</summary>
/// <param name="Value">The threshold, in the unit of the target.</param>
/// <param name="Early">The 10 % quantile of the hours until then.</param>
/// <param name="Median">The median.</param>
/// <param name="Late">The 90 % quantile.</param>
public sealed record ThresholdOutlook(double Value, double Early, double Median, double Late);
