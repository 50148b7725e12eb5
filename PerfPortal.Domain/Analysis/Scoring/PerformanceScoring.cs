using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>
/// The performance score: 100 minus deductions for names with a success rate below 95 %, for names with a P95 duration above the limit of their type and for each bottleneck, plus a
/// bonus for efficient use of resources, clamped to 0–100. Names are judged one by one: many good operations of one name give back no points that another lost. There is no score with fewer than <see cref="MinimumOperations"/> operations in the window.
/// </summary>
public static class PerformanceScoring
{
    /// <summary>The minimum number of operations for a score.</summary>
    public const long MinimumOperations = 10;

    private static readonly IScoreRule[] Rules = [new SuccessRateRule(), new SpeedRule(), new BottleneckRule()];

    /// <summary>Computes the score.</summary>
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
        return new(Math.Clamp(Math.Round(value, 1), 0, 100), true, deductions, bonus, count) { Sufficiency = Sufficiency(input) };
    }

    private static ScoreSufficiency Sufficiency(AnalysisInput input)
    {
        var subjects = input.ScoreSubjects;
        long judged = subjects.Sum(subject => subject.Group.Statistics.Count);
        return new(
            subjects.Count(subject => subject.Names.Count == 1), subjects.Where(subject => subject.Names.Count > 1).Sum(subject => subject.Names.Count),
            input.Groups.Count(group => group.Statistics.Count > 0) - subjects.Sum(subject => subject.Names.Count), (double)judged / input.Total.Statistics.Count,
            input.Hosts.Count(host => ResourceBonus.IsMeasured(input, host)));
    }

    // A listed deduction is at least 0.1 point; otherwise the deductions would not visibly add up to the score.
    internal static double Round(double points) => Math.Max(0.1, Math.Round(points, 1, MidpointRounding.AwayFromZero));
}
