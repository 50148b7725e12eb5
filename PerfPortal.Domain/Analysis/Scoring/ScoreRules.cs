using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>Deducts points for one cause.</summary>
internal interface IScoreRule
{
    /// <summary>Returns the deductions; empty when the cause is absent.</summary>
    IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks);
}

/// <summary>One point for each percentage point of the success rate below 95 %, at most 40.</summary>
internal sealed class SuccessRateRule : IScoreRule
{
    /// <summary>The success rate without a deduction, percent.</summary>
    public const double FullPercent = 95;

    private const double MaxPoints = 40;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        double percent = (input.Total.Statistics.SuccessRate ?? 1) * 100;
        if (percent < FullPercent)
        {
            yield return new(
                "success_rate", $"Success rate is {Format.Ratio(percent / 100)}; the target is {FullPercent} %.",
                PerformanceScoring.Round(Math.Min(MaxPoints, FullPercent - percent)));
        }
    }
}

/// <summary>Ten points for each 60 s of P95 latency above 60 s, at most 20.</summary>
internal sealed class SpeedRule : IScoreRule
{
    /// <summary>The P95 latency without a deduction, seconds.</summary>
    public const double FullSeconds = 60;

    private const double PointsPerStep = 10;
    private const double MaxPoints = 20;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        if (input.Total.Statistics.P95 is { } p95 and > FullSeconds)
        {
            yield return new(
                "p95_duration", $"P95 latency is {Format.Seconds(p95)}; the target is {FullSeconds} s.",
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
/// Up to five points for efficient use of resources: 5 × (1 − share / <c>resource_share</c>), where share is the largest share of time that CPU, memory or
/// GPU memory of any host was above its limit. No bonus when no host was measured for <see cref="ResourcePressureRule.MinimumSeconds"/>
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
            : new("resource_efficiency", $"Resources were above their limits for at most {Format.Ratio(share)} of the time.", PerformanceScoring.Round(points));
    }
}
