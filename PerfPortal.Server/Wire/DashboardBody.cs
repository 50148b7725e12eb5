
namespace PerfPortal.Server.Wire;

/// <summary>The response body of <c>GET /dashboard</c>.</summary>
internal sealed record DashboardBody(
    DateTimeOffset GeneratedAt, DashboardSummary PerformanceSummary, ScoreBody PerformanceScore, DashboardResources CurrentResources,
    IReadOnlyDictionary<string, long> OperationsByType, int ActiveOperations, long RecentActivity, IReadOnlyList<string> Bottlenecks,
    IReadOnlyList<string> Recommendations, IReadOnlyDictionary<string, string> ResourceTrends);

/// <summary>The operations of the last 24 hours.</summary>
internal sealed record DashboardSummary(
    [property: System.Text.Json.Serialization.JsonPropertyName("total_operations_24h")] long TotalOperations24h,
    double? SuccessRate, double? AverageDuration, double? P95Duration);

/// <summary>The newest sample of the host.</summary>
internal sealed record DashboardResources(
    double? CpuPercent, double? MemoryPercent, double? DiskFreeGb, double? GpuMemoryUsedMb, double? GpuUtilizationPercent,
    string Source, DateTimeOffset? SampledAt);
