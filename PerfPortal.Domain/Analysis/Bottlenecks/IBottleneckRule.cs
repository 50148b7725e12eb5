using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>Finds one kind of bottleneck.</summary>
internal interface IBottleneckRule
{
    /// <summary>Returns the bottlenecks; the rows behind them are read afterwards.</summary>
    IEnumerable<Bottleneck> Find(AnalysisInput input);
}

/// <summary>All bottleneck rules.</summary>
internal static class BottleneckRules
{
    public static IReadOnlyList<IBottleneckRule> All { get; } =
    [
        new FailureRateRule(), new SlowOperationsRule(), new DegradationRule(), new LowDiskRule(),
        ResourcePressureRule.Memory, ResourcePressureRule.Cpu, ResourcePressureRule.GpuMemory,
    ];

    /// <summary>Returns the bottlenecks of all rules, critical ones first, otherwise in the order of the rules.</summary>
    public static IReadOnlyList<Bottleneck> Find(AnalysisInput input) =>
        [.. All.SelectMany(rule => rule.Find(input)).OrderByDescending(bottleneck => bottleneck.Severity)];
}
