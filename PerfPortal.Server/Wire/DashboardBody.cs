
namespace PerfPortal.Server.Wire;

/// <summary>The dashboard.</summary>
/// <param name="GeneratedAt">When the dashboard was computed.</param>
/// <param name="PerformanceSummary">The operations of the last 24 hours.</param>
/// <param name="PerformanceScore">The performance score.</param>
/// <param name="CurrentResources">The newest sample of the host.</param>
/// <param name="OperationsByType">The number of operations of the last 24 hours, per metric type.</param>
/// <param name="ActiveOperations">The number of running operations.</param>
/// <param name="RecentActivity">The number of operations of the last hour.</param>
/// <param name="Bottlenecks">The bottlenecks, each as a sentence.</param>
/// <param name="Recommendations">The open recommendations, each as a sentence.</param>
/// <param name="ResourceTrends">The direction of the trend of each resource: <c>stable</c>, <c>increasing</c>, <c>decreasing</c> or <c>unknown</c>. That of the disk is the trend of its free space.</param>
internal sealed record DashboardBody(
    DateTimeOffset GeneratedAt, DashboardSummary PerformanceSummary, ScoreBody PerformanceScore, DashboardResources CurrentResources,
    IReadOnlyDictionary<string, long> OperationsByType, int ActiveOperations, long RecentActivity, IReadOnlyList<string> Bottlenecks,
    IReadOnlyList<string> Recommendations, IReadOnlyDictionary<string, string> ResourceTrends)
{
    /// <summary>What matters first.</summary>
    public DashboardVerdict? Verdict { get; init; }

    /// <summary>The open findings, each as a sentence, the most urgent first.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}

/// <summary>What matters first.</summary>
/// <param name="State"><c>healthy</c>, <c>warning</c>, <c>critical</c> or <c>unknown</c>.</param>
/// <param name="Sentence">The most important problem, or that there is none.</param>
/// <param name="More">The number of other problems.</param>
internal sealed record DashboardVerdict(string State, string Sentence, int More);

/// <summary>The operations of the last 24 hours.</summary>
/// <param name="TotalOperations24h">The number of completed operations.</param>
/// <param name="SuccessRate">The share of operations that succeeded, 0–1; null without operations.</param>
/// <param name="AverageDuration">The mean duration in seconds; null without operations.</param>
/// <param name="P95Duration">The 95th percentile of the duration in seconds; null without operations.</param>
internal sealed record DashboardSummary(
    [property: System.Text.Json.Serialization.JsonPropertyName("total_operations_24h")] long TotalOperations24h,
    double? SuccessRate, double? AverageDuration, double? P95Duration);

/// <summary>The newest sample of the host.</summary>
/// <param name="CpuPercent">CPU usage, 0–100; null, like the other values, when it was not measured.</param>
/// <param name="MemoryPercent">Memory usage, 0–100.</param>
/// <param name="DiskFreeGb">Free disk space, GiB.</param>
/// <param name="GpuMemoryUsedMb">GPU memory in use, MiB.</param>
/// <param name="GpuUtilizationPercent">GPU utilization, 0–100.</param>
/// <param name="Source">The host.</param>
/// <param name="SampledAt">When the sensors were read; null without a sample.</param>
internal sealed record DashboardResources(
    double? CpuPercent, double? MemoryPercent, double? DiskFreeGb, double? GpuMemoryUsedMb, double? GpuUtilizationPercent,
    string Source, DateTimeOffset? SampledAt);
