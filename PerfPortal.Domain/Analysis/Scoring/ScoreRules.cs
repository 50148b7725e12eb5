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

/// <summary>Five points for each bottleneck.</summary>
internal sealed class BottleneckRule : IScoreRule
{
    private const double Points = 5;

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks) =>
        bottlenecks.Select(bottleneck => new ScoreDeduction(bottleneck.Kind, bottleneck.Sentence, Points)
        {
            MetricType = bottleneck.MetricType,
            OperationName = bottleneck.OperationName,
            Source = BottleneckKinds.IsResource(bottleneck.Kind) ? bottleneck.Source : null,
            Remedy = BottleneckRemedy.Of(bottleneck),
        });
}

/// <summary>
/// Up to five points for efficient use of resources: 5 × (1 − share / <c>resource_share</c>), where share is the largest share of time that CPU, memory or
/// GPU memory of any host was above its limit. No bonus when no host was measured for <see cref="ResourcePressureRule.MinimumSeconds"/>
/// or a resource is a bottleneck.
/// </summary>
internal static class ResourceBonus
{
    private const double MaxPoints = 5;

    /// <summary>Whether any resource of a host was measured for long enough.</summary>
    public static bool IsMeasured(AnalysisInput input, HostResources host) => Times(input, host).Any(time => time.MeasuredSeconds >= ResourcePressureRule.MinimumSeconds);

    private static IEnumerable<TimeBeyond> Times(AnalysisInput input, HostResources host) =>
        new[] { ResourcePressureRule.Cpu, ResourcePressureRule.Memory, ResourcePressureRule.GpuMemory }.Select(rule => input.Pressure(host, rule));

    public static ScoreDeduction? Of(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        var times = input.Hosts
            .SelectMany(host => Times(input, host))
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
