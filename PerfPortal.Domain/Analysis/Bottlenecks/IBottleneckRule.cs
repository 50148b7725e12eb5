using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>Finds one kind of bottleneck.</summary>
internal interface IBottleneckRule
{
    /// <summary>What the rule finds; the rows behind it are looked up afterwards.</summary>
    IEnumerable<Bottleneck> Find(AnalysisInput input);
}

/// <summary>Every rule.</summary>
internal static class BottleneckRules
{
    public static IReadOnlyList<IBottleneckRule> All { get; } =
    [
        new FailureRateRule(), new SlowOperationsRule(), new DegradationRule(), new LowDiskRule(),
        ResourcePressureRule.Memory, ResourcePressureRule.Cpu, ResourcePressureRule.GpuMemory,
    ];

    /// <summary>What all rules find, critical ones first, else in the order of the rules.</summary>
    public static IReadOnlyList<Bottleneck> Find(AnalysisInput input) =>
        [.. All.SelectMany(rule => rule.Find(input)).OrderByDescending(bottleneck => bottleneck.Severity)];
}
