namespace PerfPortal.Domain.Tracking;

/// <summary>The progress rate of an operation.</summary>
/// <param name="PerSecond">The units of progress per second, at least 0.</param>
/// <param name="Deviation">The standard deviation of the rate between reports, in the same unit.</param>
public readonly record struct RateEstimate(double PerSecond, double Deviation);

/// <summary>The rate of an operation and the silence since its last progress report.</summary>
public readonly record struct ProgressPace
{
    /// <summary>Silence shorter than this is never a stall, however frequent the reports were.</summary>
    public static readonly TimeSpan MinStall = TimeSpan.FromSeconds(10);

    // Without two advances the usual interval between reports is unknown.
    private const double StallWithoutRhythmSeconds = 60;
    private const double StallGaps = 3;
    private const double QuietGaps = 2;
    private const double MinQuietSeconds = 2;
    private const double Negligible = 0.001;

    internal double Mean { get; init; }

    internal double Deviation { get; init; }

    /// <summary>The weighted time that the mean covers; 0 before two reports.</summary>
    internal double Seconds { get; init; }

    internal DateTimeOffset MeasuredAt { get; init; }

    internal DateTimeOffset? AdvancedAt { get; init; }

    /// <summary>The usual time between two advances.</summary>
    internal double? GapSeconds { get; init; }

    /// <summary>
    /// The rate; <see langword="null"/> before two reports. Silence beyond the usual time between reports counts as time without progress, so the rate
    /// halves every 20 s.
    /// </summary>
    public RateEstimate? RateAt(DateTimeOffset now)
    {
        if (Seconds <= 0)
        {
            return null;
        }

        double silent = (now - MeasuredAt).TotalSeconds - Math.Max(MinQuietSeconds, QuietGaps * GapSeconds.GetValueOrDefault());
        if (silent <= 0)
        {
            return new(Mean, Deviation);
        }

        double kept = Math.Pow(0.5, silent / ProgressRate.HalfLifeSeconds);
        double share = Seconds * kept / ((Seconds * kept) + (ProgressRate.HalfLifeSeconds / Math.Log(2) * (1 - kept)));
        return share < Negligible ? default(RateEstimate) : new(Mean * share, Deviation * share);
    }

    /// <summary>How long there has been no progress, once that is unusually long: at least 10 s and three times the usual time between advances.</summary>
    public TimeSpan? StalledAt(DateTimeOffset now)
    {
        if (AdvancedAt is not { } advanced)
        {
            return null;
        }

        var silence = now - advanced;
        double limit = GapSeconds is { } gap ? Math.Max(MinStall.TotalSeconds, StallGaps * gap) : StallWithoutRhythmSeconds;
        return silence.TotalSeconds >= limit ? silence : null;
    }
}
