using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>An estimate of a remaining time on the logarithmic scale, on which errors of rates and durations are about symmetric.</summary>
/// <param name="Log">The logarithm of the median, seconds.</param>
/// <param name="Deviation">The standard deviation of the logarithm, above 0.</param>
internal readonly record struct LogEstimate(double Log, double Deviation)
{
    /// <summary>The minimum number of durations for an estimate from history.</summary>
    public const int MinimumHistory = 5;

    private const double NinetyPercent = 1.2816;
    private const double MinDeviation = 0.02;

    // Beyond a factor of ten to the ninetieth percentile an estimate says nothing more.
    private const double MaxDeviation = 2.3026 / NinetyPercent;
    private const double MinSeconds = 0.001;

    /// <summary>The median, seconds.</summary>
    public double Seconds => Math.Exp(Log);

    /// <summary>
    /// Estimates from the own rate. As much of the past counts as lies ahead: the rate with a half-life of 20, 80 or 320 s. Its uncertainty is that of a mean of independent
    /// increments in the past, plus that of a mean of as many as are still to come: σ²/n + σ²/m; and half the difference between the short and the long rate, because a rate that
    /// has changed may change again. <see langword="null"/> without a total or a rate.
    /// </summary>
    public static LogEstimate? FromRate(Progress? progress, in ProgressPace pace, DateTimeOffset now)
    {
        if (progress is not { Total: { } total } reported || pace.RateAt(now) is not { PerSecond: > 0 })
        {
            return null;
        }

        double left = Math.Max(0, total - reported.Done);

        // The rate is chosen by what was ahead before a silence, so that its estimate grows steadily.
        var (rate, variance, seconds) = RateFor(pace, left / pace.Short.Mean, pace.SilenceAt(now));
        double remaining = left / rate;
        double interval = Math.Max(pace.IntervalSeconds, 1e-3);
        double ownVariance = variance / (rate * rate) * ((interval / Math.Max(seconds, interval)) + (interval / Math.Max(remaining, interval)));
        double drift = pace.Long.Mean > 0 && pace.Short.Mean > 0 ? Math.Log(pace.Short.Mean / pace.Long.Mean) / 2 : 0;

        // What was done since the last report is not left any more, as long as that is no silence.
        double expected = Math.Max(remaining / 10, remaining - pace.UnreportedAt(now));
        return Of(expected, Math.Sqrt(ownVariance + (drift * drift)));
    }

    /// <summary>Estimates from what ended operations of the name achieved. <see langword="null"/> without a total, with another unit, and with too few of them.</summary>
    public static LogEstimate? FromUsual(Progress? progress, UsualPace? usual) =>
        usual is { Count: >= UsualPace.MinimumCount } && progress is { Total: { } total } reported && reported.Unit == usual.Unit
            ? Of(Math.Max(0, total - reported.Done) / usual.PerSecond, usual.LogDeviation)
            : null;

    /// <summary>Estimates from durations longer than the elapsed time; <see langword="null"/> when there are too few.</summary>
    public static LogEstimate? FromHistory(DurationSketch durations, double elapsedSeconds)
    {
        if (durations.Count < MinimumHistory
            || durations.QuantileAbove(elapsedSeconds, 0.5) is not { } median
            || durations.QuantileAbove(elapsedSeconds, 0.9) is not { } late)
        {
            return null;
        }

        double left = Math.Max(median - elapsedSeconds, MinSeconds);
        return Of(left, Math.Log(Math.Max(late - elapsedSeconds, left) / left) / NinetyPercent);
    }

    /// <summary>Combines two independent estimates by inverse variance.</summary>
    public static LogEstimate? Combine(LogEstimate? one, LogEstimate? other)
    {
        if (one is not { } first || other is not { } second)
        {
            return one ?? other;
        }

        double weight = 1 / (first.Deviation * first.Deviation);
        double otherWeight = 1 / (second.Deviation * second.Deviation);
        return Of(
            Math.Exp(((first.Log * weight) + (second.Log * otherWeight)) / (weight + otherWeight)),
            1 / Math.Sqrt(weight + otherWeight));
    }

    private static LogEstimate Of(double seconds, double deviation) =>
        new(Math.Log(Math.Max(seconds, MinSeconds)), Math.Clamp(deviation, MinDeviation, MaxDeviation));

    private static (double Rate, double Variance, double Seconds) RateFor(in ProgressPace pace, double aheadSeconds, double silentSeconds)
    {
        var (scale, halfLife) = aheadSeconds switch
        {
            >= ProgressRate.LongHalfLifeSeconds => (pace.Long, ProgressRate.LongHalfLifeSeconds),
            >= ProgressRate.MiddleHalfLifeSeconds => (pace.Middle, ProgressRate.MiddleHalfLifeSeconds),
            _ => (pace.Short, ProgressRate.HalfLifeSeconds),
        };
        double share = scale.ShareAfter(silentSeconds, halfLife);
        return (scale.Mean * share, scale.Variance * share * share, scale.Seconds);
    }
}
