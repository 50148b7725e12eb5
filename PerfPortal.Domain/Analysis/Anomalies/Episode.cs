namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>A stretch in which a series is above everything that is usual. Steps are counted from year 1.</summary>
internal sealed class Episode
{
    /// <summary>The first step of it.</summary>
    public required long Since { get; init; }

    /// <summary>The last step before it that was measured and usual; at most <see cref="Since"/>.</summary>
    public required long After { get; init; }

    /// <summary>The first step after it; <see langword="null"/> while it lasts.</summary>
    public long? Until { get; set; }

    /// <summary>The value: while it lasts, the mean of its newest steps; then of the whole.</summary>
    public double Observed { get; set; }

    /// <summary>The highest value.</summary>
    public double Peak { get; set; }

    /// <summary>What is usual at the time of <see cref="Observed"/>.</summary>
    public UsualRange Usual { get; set; }

    /// <summary>The strongest evidence: minus the decimal logarithm of the share of past stretches that were as unusual.</summary>
    public double Evidence { get; set; }

    /// <summary>The confidence, 0–1: 0.9 at the least evidence, nearer to 1 with every power of ten.</summary>
    public double Confidence => Math.Clamp(1 - (0.1 * Math.Pow(10, (SeriesWatch.LeastEvidence - Evidence) / 2)), 0, 0.999);
}
