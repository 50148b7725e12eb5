namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>What a detector says about a point.</summary>
/// <param name="Score">
/// How unusual it is, 0–1: e ÷ (e + 2), where 10⁻ᵉ is the share of points that are as unusual: 0.5 is one point in a hundred, 0.6 one in a thousand, 0.75 one in a million.
/// </param>
/// <param name="IsAlarm">Whether an episode begins: the first unusual point for a while.</param>
/// <param name="Evidence">The e of the newest stretch, without the smoothing of <paramref name="Score"/>; at least 0.</param>
public readonly record struct SeriesScore(double Score, bool IsAlarm, double Evidence)
{
    /// <summary>A point about which nothing is said.</summary>
    public static SeriesScore None { get; }

    internal static double Of(double evidence) => evidence / (evidence + 2);
}
