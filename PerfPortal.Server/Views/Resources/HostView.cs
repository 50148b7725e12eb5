using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Views.Resources;

/// <summary>The data behind the resource tiles of a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Latest">The newest sample, or <see langword="null"/> when the host never sent one.</param>
/// <param name="History">The history for the sparklines.</param>
/// <param name="Trends">The trends of the analysis, of all hosts.</param>
/// <param name="Bottlenecks">The bottlenecks of the analysis, of all hosts.</param>
/// <param name="Thresholds">The thresholds.</param>
/// <param name="Now">The current time.</param>
internal sealed record HostView(
    string Host, ResourceSample? Latest, ResourceSeriesAnswer History, IReadOnlyList<ResourceTrend> Trends, IReadOnlyList<Bottleneck> Bottlenecks,
    PerformanceThresholds Thresholds, DateTimeOffset Now)
{
    /// <summary>Whether the newest sample is too old to describe the current state.</summary>
    public bool IsStale => Latest is { } sample && !sample.IsFreshAt(Now);

    /// <summary>Returns a value of the newest sample.</summary>
    public double? Value(ResourceMetric metric) => Latest?[metric];

    /// <summary>Returns the mean of each step of the history.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="factor">The factor to multiply each value by.</param>
    public IReadOnlyList<double?> Means(ResourceMetric metric, double factor = 1) => History.Series.TryGetValue(metric, out var points)
        ? [.. points.Select(point => point?.Mean * factor)]
        : [.. History.Times.Select(_ => (double?)null)];

    /// <summary>Returns the trend of a resource of this host; <see langword="null"/> when unknown.</summary>
    public ResourceTrend? Trend(string resource) => Trends.FirstOrDefault(trend => trend.Resource == resource && trend.Source == Host && trend.SlopePerHour is not null);

    /// <summary>Whether the analysis found a critical bottleneck of this kind on this host.</summary>
    public bool IsCritical(string? kind) => Bottlenecks.Any(bottleneck =>
        bottleneck.Severity == Severity.Critical && bottleneck.Kind == kind && (bottleneck.Source is null || bottleneck.Source == Host));

    /// <summary>Returns why a sensor has no value.</summary>
    public string Reason(string sensor) => Latest is null ? $"{Host} has sent no samples." : Reason(Latest, sensor);

    /// <summary>Returns why a sample has no value of a sensor.</summary>
    public static string Reason(ResourceSample sample, string sensor)
    {
        if (!sample.Sensors.TryGetValue(sensor, out var status))
        {
            return $"{sample.Source} does not report this resource.";
        }

        return status.Reason ?? (status.State == SensorState.Ok ? "This resource is not measured on this host." : $"The sensor is {status.State.ToString().ToLowerInvariant()}.");
    }
}
