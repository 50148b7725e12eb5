namespace PerfPortal.Domain.Operations;

/// <summary>What figures are kept by: operations of one type and name from one source.</summary>
/// <param name="MetricType">The kind of operation.</param>
/// <param name="Source">Who reported it.</param>
/// <param name="Name">What was done.</param>
public readonly record struct SeriesKey(MetricType MetricType, string Source, string Name);

/// <summary>The portal as a source of operations.</summary>
public static class PortalSource
{
    /// <summary>The source of the portal's own operations; they stay out of every summary unless this source is asked for.</summary>
    public const string Name = "perfportal";
}

/// <summary>Which series and outcomes a figure is over. Without <see cref="Source"/> the portal's own operations are left out.</summary>
public sealed record SeriesFilter
{
    /// <summary>Everything but the portal's own operations.</summary>
    public static SeriesFilter Everyone { get; } = new();

    /// <summary>Only this metric type.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>Only this source.</summary>
    public string? Source { get; init; }

    /// <summary>Only this operation name.</summary>
    public string? Name { get; init; }

    /// <summary>Only this outcome.</summary>
    public OperationStatus? Status { get; init; }

    /// <summary>Whether a series passes.</summary>
    public bool Matches(SeriesKey series) =>
        (MetricType is null || MetricType == series.MetricType)
        && (Name is null || Name == series.Name)
        && (Source is null ? series.Source != PortalSource.Name : Source == series.Source);

    /// <summary>Whether a series with an outcome passes.</summary>
    public bool Matches(SeriesKey series, OperationStatus outcome) => Matches(series) && (Status is null || Status == outcome);
}
