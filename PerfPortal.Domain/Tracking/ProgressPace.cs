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

    internal WeightedRate Short { get; init; }

    internal WeightedRate Middle { get; init; }

    internal WeightedRate Long { get; init; }

    /// <summary>The usual time between two measured reports; 0 before.</summary>
    internal double IntervalSeconds { get; init; }

    /// <summary>All that was measured: the units of progress.</summary>
    internal double Work { get; init; }

    /// <summary>The time that <see cref="Work"/> took.</summary>
    internal double WorkSeconds { get; init; }

    internal string? Unit { get; init; }

    internal DateTimeOffset MeasuredAt { get; init; }

    internal DateTimeOffset? AdvancedAt { get; init; }

    /// <summary>The usual time between two advances.</summary>
    internal double? GapSeconds { get; init; }

    /// <summary>The usual time between two advances of ended operations of the name.</summary>
    internal double? UsualGapSeconds { get; init; }

    /// <summary>
    /// The rate; <see langword="null"/> before two reports. Silence beyond the usual time between reports counts as time without progress, so the rate
    /// halves every 20 s.
    /// </summary>
    public RateEstimate? RateAt(DateTimeOffset now)
    {
        if (Short.Seconds <= 0)
        {
            return null;
        }

        double share = Short.ShareAfter(SilenceAt(now), ProgressRate.HalfLifeSeconds);
        return new(Short.Mean * share, Math.Sqrt(Short.Variance) * share);
    }

    /// <summary>How long there has been no progress, once that is unusually long: at least 10 s and three times the usual time between advances, its own or that of its name.</summary>
    public TimeSpan? StalledAt(DateTimeOffset now)
    {
        if (AdvancedAt is not { } advanced)
        {
            return null;
        }

        var silence = now - advanced;
        double limit = (GapSeconds ?? UsualGapSeconds) is { } gap ? Math.Max(MinStall.TotalSeconds, StallGaps * gap) : StallWithoutRhythmSeconds;
        return silence.TotalSeconds >= limit ? silence : null;
    }

    /// <summary>Seconds since the last report beyond the usual time between reports; at least 0.</summary>
    internal double SilenceAt(DateTimeOffset now) => Math.Max(0, (now - MeasuredAt).TotalSeconds - ExpectedSilence);

    /// <summary>Seconds since the last report in which progress is expected although nothing was reported; at least 0.</summary>
    internal double UnreportedAt(DateTimeOffset now) => Math.Clamp((now - MeasuredAt).TotalSeconds, 0, ExpectedSilence);

    private double ExpectedSilence => Math.Max(MinQuietSeconds, QuietGaps * GapSeconds.GetValueOrDefault());
}
