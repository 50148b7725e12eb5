using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A snapshot of the data on the dashboard.</summary>
internal sealed record DashboardView
{
    /// <summary>The time of the snapshot.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>The analysis of the last 24 hours, identical to the API's.</summary>
    public required AnalysisResult Analysis { get; init; }

    /// <summary>The first running operations and their total number.</summary>
    public required ActiveList Active { get; init; }

    /// <summary>The host whose resources are shown.</summary>
    public required string Host { get; init; }

    /// <summary>The resources, in the order of the tiles.</summary>
    public required IReadOnlyList<ResourceTile> Tiles { get; init; }

    /// <summary>A row per metric type.</summary>
    public required IReadOnlyList<TypeRow> Types { get; init; }

    /// <summary>The portal's own operations; <see langword="null"/> when a source is selected.</summary>
    public required TypeRow? Own { get; init; }

    /// <summary>The charts, in order.</summary>
    public required IReadOnlyList<ChartModel> Charts { get; init; }

    /// <summary>The reason why there is no GPU chart; <see langword="null"/> when there is one.</summary>
    public required string? GpuMissingReason { get; init; }

    /// <summary>Every host that reported lately, those with problems first.</summary>
    public required IReadOnlyList<HostRow> Hosts { get; init; }

    /// <summary>The open findings, the most urgent first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The alerts that fire and that nobody has taken on, the most severe first.</summary>
    public IReadOnlyList<FiringAlert> Alerts { get; init; } = [];

    /// <summary>The open findings as incidents, the gravest first.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>The open recommendations.</summary>
    public required IReadOnlyList<Recommendation> Recommendations { get; init; }

    /// <summary>Whether there are no operations: none running, none in the range, and none in the last 24 hours.</summary>
    public bool HasNoOperations => Analysis.Summary.Count == 0 && Active.Total == 0 && Types.All(row => row.IsIdle);

    /// <summary>Whether there are only operations of the types by which the portal looks after models of its own.</summary>
    public bool HasOnlyModelCare =>
        Types.All(row => row.IsIdle || IsModelCare(row.MetricType)) && Analysis.Types.All(type => type.Value.Count == 0 || IsModelCare(type.Key));

    private static bool IsModelCare(MetricType? type) => type is MetricType.HealthCheck or MetricType.DownloadOperation;

    /// <summary>The thresholds in effect.</summary>
    public required PerformanceThresholds Thresholds { get; init; }
}
