using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>
/// The score: 100, less the points lost for success below 95 %, for a 95th percentile above 60 s and for each bottleneck, plus the bonus for efficient use
/// of resources, held within 0–100. With fewer than <see cref="MinimumOperations"/> operations in the window there is no score.
/// </summary>
public static class PerformanceScoring
{
    /// <summary>Fewer operations than these say nothing.</summary>
    public const long MinimumOperations = 10;

    private static readonly IScoreRule[] Rules = [new SuccessRateRule(), new SpeedRule(), new BottleneckRule()];

    /// <summary>The score of an input with these bottlenecks.</summary>
    public static PerformanceScore Of(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        long count = input.Total.Statistics.Count;
        if (count < MinimumOperations)
        {
            return new(null, false, [], null, count);
        }

        IReadOnlyList<ScoreDeduction> deductions =
            [.. Rules.SelectMany(rule => rule.Deduct(input, bottlenecks)).OrderByDescending(deduction => deduction.Points)];
        var bonus = ResourceBonus.Of(input, bottlenecks);
        double value = 100 - deductions.Sum(deduction => deduction.Points) + (bonus?.Points ?? 0);
        return new(Math.Clamp(Math.Round(value, 1), 0, 100), true, deductions, bonus, count);
    }

    // A cause that is named costs at least a tenth, or the sum would not be seen to add up.
    internal static double Round(double points) => Math.Max(0.1, Math.Round(points, 1, MidpointRounding.AwayFromZero));
}
