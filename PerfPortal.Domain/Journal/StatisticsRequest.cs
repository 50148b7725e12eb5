using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>The grouping of figures.</summary>
[Flags]
public enum StatisticsGrouping
{
    /// <summary>A single group.</summary>
    None = 0,

    /// <summary>A group per metric type.</summary>
    MetricType = 1,

    /// <summary>A group per operation name.</summary>
    Name = 2,

    /// <summary>A group per source.</summary>
    Source = 4,
}

/// <summary>A group of operations; members that are not grouped by are <see langword="null"/>.</summary>
/// <param name="Step">The index of the grid step, or 0 without a grid.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
/// <param name="Source">The source.</param>
public readonly record struct StatisticsGroup(int Step, MetricType? MetricType, string? Name, string? Source);

/// <summary>A request for figures.</summary>
/// <param name="Range">The range of end times.</param>
/// <param name="Filter">The operations to include.</param>
/// <param name="Grouping">The grouping.</param>
/// <param name="Grid">The steps to split the range into, or <see langword="null"/>; a step must be a multiple of a minute.</param>
/// <param name="WithFacts">Whether to include summaries of numeric facts, which make the request more expensive.</param>
public sealed record StatisticsRequest(
    TimeRange Range, SeriesFilter Filter, StatisticsGrouping Grouping = StatisticsGrouping.None, BucketGrid? Grid = null, bool WithFacts = true);

/// <summary>The effective range: where only rollups remain, it snaps to whole minutes or hours.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution">The resolution of the edges: <c>exact</c>, <c>minute</c> or <c>hour</c>.</param>
public sealed record AnsweredRange(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>The range.</summary>
    public TimeRange Range => new(From, To);
}

/// <summary>Figures by group, with their effective range.</summary>
/// <param name="Range">The effective range.</param>
/// <param name="Groups">The figures of each group; groups without operations are omitted.</param>
public sealed record StatisticsAnswer(AnsweredRange Range, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> Groups)
{
    /// <summary>
    /// The grid that <see cref="StatisticsGroup.Step"/> refers to, or <see langword="null"/> without a grid. It equals the requested grid unless the range reaches back
    /// to where only hour rollups are kept: then its steps are whole hours, at most as many as requested.
    /// </summary>
    public BucketGrid? Grid { get; init; }

    /// <summary>Returns the statistics of a group; all zero or null when it has no operations.</summary>
    public OutcomeStatistics Of(StatisticsGroup group) =>
        (Groups.TryGetValue(group, out var builder) ? builder : new()).Build(Range.Range.Length);

    /// <summary>The overall statistics of a request without grouping.</summary>
    public OutcomeStatistics Total => Of(default);
}
