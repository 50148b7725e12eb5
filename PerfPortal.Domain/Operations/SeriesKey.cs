namespace PerfPortal.Domain.Operations;

/// <summary>The key of a series: operations of one type and name from one source.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="Source">The source.</param>
/// <param name="Name">The operation name.</param>
public readonly record struct SeriesKey(MetricType MetricType, string Source, string Name);

/// <summary>The portal as a source of operations.</summary>
public static class PortalSource
{
    /// <summary>The source of the portal's own operations, which are excluded from summaries unless this source is requested.</summary>
    public const string Name = "perfportal";
}

/// <summary>Filters series and outcomes. Without <see cref="Source"/> the portal's own operations and those of removed sources are excluded.</summary>
public sealed record SeriesFilter
{
    /// <summary>All operations except the portal's own.</summary>
    public static SeriesFilter Everyone { get; } = new();

    /// <summary>Only this metric type.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>Only this source.</summary>
    public string? Source { get; init; }

    /// <summary>Only this operation name.</summary>
    public string? Name { get; init; }

    /// <summary>Only this outcome.</summary>
    public OperationStatus? Status { get; init; }

    /// <summary>Whether a series passes the filter.</summary>
    public bool Matches(SeriesKey series) =>
        (MetricType is null || MetricType == series.MetricType)
        && (Name is null || Name == series.Name)
        && (Source is null ? series.Source != PortalSource.Name && !RemovedSource.Is(series.Source) : Source == series.Source);

    /// <summary>Whether a series with this outcome passes the filter.</summary>
    public bool Matches(SeriesKey series, OperationStatus outcome) => Matches(series) && (Status is null || Status == outcome);
}
