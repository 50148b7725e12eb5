namespace PerfPortal.Domain.Tracking;

/// <summary>What ended operations of a name achieved.</summary>
/// <param name="Unit">The unit of their progress.</param>
/// <param name="LogMean">The mean of the logarithm of their units per second.</param>
/// <param name="LogDeviation">Its standard deviation.</param>
/// <param name="GapSeconds">Their usual time between two advances, seconds.</param>
/// <param name="Count">The number of operations, at least 1.</param>
internal sealed record UsualPace(string? Unit, double LogMean, double LogDeviation, double GapSeconds, int Count)
{
    /// <summary>The number of operations from which on it is known.</summary>
    public const int MinimumCount = 5;

    // The last thirty operations or so count.
    private const double NewestWeight = 1 / 30.0;
    private const double StallShare = 0.02;
    private const double StallDeviations = 4;

    /// <summary>The usual units per second.</summary>
    public double PerSecond => Math.Exp(LogMean);

    /// <summary>Progress below this many units per second is a stall: a fiftieth of the usual, and beyond four standard deviations where the rates of a name differ much.</summary>
    public double SlowestPerSecond => Math.Min(StallShare * PerSecond, Math.Exp(LogMean - (StallDeviations * LogDeviation)));

    /// <summary>Adds an ended operation; without a measured rate, nothing changes. Another unit begins anew.</summary>
    public static UsualPace? With(UsualPace? known, ProgressPace pace)
    {
        if (pace is not { Work: > 0, WorkSeconds: > 0 })
        {
            return known;
        }

        double log = Math.Log(pace.Work / pace.WorkSeconds);
        double gap = pace.GapSeconds ?? pace.IntervalSeconds;
        if (known is null || known.Unit != pace.Unit)
        {
            return new(pace.Unit, log, 0, gap, 1);
        }

        double weight = Math.Max(NewestWeight, 1.0 / (known.Count + 1));
        double difference = log - known.LogMean;
        double variance = (1 - weight) * ((known.LogDeviation * known.LogDeviation) + (weight * difference * difference));
        return known with
        {
            LogMean = known.LogMean + (weight * difference),
            LogDeviation = Math.Sqrt(variance),
            GapSeconds = known.GapSeconds + (weight * (gap - known.GapSeconds)),
            Count = known.Count + 1,
        };
    }
}
