using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>Takes points away for one cause.</summary>
internal interface IScoreRule
{
    /// <summary>What is taken away; nothing when the cause is not there.</summary>
    IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks);
}

/// <summary>One point for each percentage point of success below 95 %, at most 40.</summary>
internal sealed class SuccessRateRule : IScoreRule
{
    /// <summary>The success rate from which on nothing is lost, percent.</summary>
    public const double FullPercent = 95;

    private const double MaxPoints = 40;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        double percent = (input.Total.Statistics.SuccessRate ?? 1) * 100;
        if (percent < FullPercent)
        {
            yield return new(
                "success_rate", $"{Format.Ratio(percent / 100)} of the operations succeeded, less than {FullPercent} %.",
                PerformanceScoring.Round(Math.Min(MaxPoints, FullPercent - percent)));
        }
    }
}

/// <summary>Ten points for each 60 s by which the 95th percentile of the durations lies above 60 s, at most 20.</summary>
internal sealed class SpeedRule : IScoreRule
{
    /// <summary>The 95th percentile up to which nothing is lost, seconds.</summary>
    public const double FullSeconds = 60;

    private const double PointsPerStep = 10;
    private const double MaxPoints = 20;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        if (input.Total.Statistics.P95 is { } p95 and > FullSeconds)
        {
            yield return new(
                "p95_duration", $"One operation in twenty takes {Format.Seconds(p95)} or longer; up to {FullSeconds} s nothing is lost.",
                PerformanceScoring.Round(Math.Min(MaxPoints, PointsPerStep * (p95 / FullSeconds - 1))));
        }
    }
}

/// <summary>Five points for each bottleneck.</summary>
internal sealed class BottleneckRule : IScoreRule
{
    private const double Points = 5;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks) =>
        bottlenecks.Select(bottleneck => new ScoreDeduction(bottleneck.Kind, bottleneck.Sentence, Points));
}

/// <summary>
/// Up to five points for efficient use of resources: five times one less the share of time in which processors, memory or graphics memory of the busiest
/// host lay above their limits, in proportion to <c>resource_share</c>. Nothing when no host was measured for <see cref="ResourcePressureRule.MinimumSeconds"/>
/// or a resource is a bottleneck.
/// </summary>
internal static class ResourceBonus
{
    private const double MaxPoints = 5;

    public static ScoreDeduction? Of(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        var times = input.Hosts
            .SelectMany(host => new[] { ResourcePressureRule.Cpu, ResourcePressureRule.Memory, ResourcePressureRule.GpuMemory }
                .Select(rule => input.Pressure(host, rule)))
            .Where(time => time.MeasuredSeconds >= ResourcePressureRule.MinimumSeconds)
            .ToList();
        if (times.Count == 0 || bottlenecks.Any(bottleneck => BottleneckKinds.IsResource(bottleneck.Kind)))
        {
            return null;
        }

        double share = times.Max(time => time.Share);
        double full = input.Thresholds.ResourceShare;
        double points = MaxPoints * (share == 0 ? 1 : Math.Max(0, 1 - share / full));
        return points < 0.1
            ? null
            : new("resource_efficiency", $"Resources were above their limits in {Format.Ratio(share)} of the time at most.", PerformanceScoring.Round(points));
    }
}
