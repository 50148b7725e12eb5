using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>What an estimate rests on; each kind has its own correction.</summary>
internal enum EtaBasis : byte
{
    /// <summary>Only the durations of the name.</summary>
    History = 0,

    /// <summary>The own progress, alone or with the history.</summary>
    Progress = 1,
}

/// <summary>
/// An estimate before its P90 is corrected: remaining work over a rate with the uncertainty of its increments, combined with the history of the name by inverse variance.
/// </summary>
/// <param name="P50">The median, seconds.</param>
/// <param name="Spread">One standard deviation towards late, seconds; above 0.</param>
/// <param name="Basis">What it rests on.</param>
internal readonly record struct EtaEstimate(double P50, double Spread, EtaBasis Basis)
{
    // No estimate is better than this, seconds: reports are delayed, and what follows the last byte takes a moment.
    private const double MinSpread = 0.5;

    /// <summary>Estimates from everything that is known; <see langword="null"/> when that is nothing.</summary>
    /// <param name="progress">The latest progress.</param>
    /// <param name="pace">The pace of the operation.</param>
    /// <param name="elapsedSeconds">How long it has been running.</param>
    /// <param name="now">The time.</param>
    /// <param name="usual">What ended operations of the name achieved.</param>
    /// <param name="durations">The durations of the name.</param>
    public static EtaEstimate? Of(
        Progress? progress, in ProgressPace pace, double elapsedSeconds, DateTimeOffset now, UsualPace? usual, DurationSketch? durations)
    {
        var own = LogEstimate.FromRate(progress, pace, now);

        // How fast such operations are says more about this amount of work than how long others took, which may have had another amount.
        var past = LogEstimate.FromUsual(progress, usual) ?? (durations is null ? null : LogEstimate.FromHistory(durations, elapsedSeconds));
        if (LogEstimate.Combine(own, past) is not { } both)
        {
            return null;
        }

        bool isDone = progress is { Total: { } total } reported && reported.Done >= total;
        double median = isDone ? 0 : both.Seconds;
        return new(median, (median * Math.Exp(both.Deviation)) - median + MinSpread, own is null ? EtaBasis.History : EtaBasis.Progress);
    }
}
