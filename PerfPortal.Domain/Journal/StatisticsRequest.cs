using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>What figures are grouped by.</summary>
[Flags]
public enum StatisticsGrouping
{
    /// <summary>One group of all.</summary>
    None = 0,

    /// <summary>A group per metric type.</summary>
    MetricType = 1,

    /// <summary>A group per operation name.</summary>
    Name = 2,

    /// <summary>A group per source.</summary>
    Source = 4,
}

/// <summary>A group of operations; what is not grouped by is <see langword="null"/>.</summary>
/// <param name="Step">Which step of the grid, or 0 without one.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
/// <param name="Source">The source.</param>
public readonly record struct StatisticsGroup(int Step, MetricType? MetricType, string? Name, string? Source);

/// <summary>Figures that are asked for.</summary>
/// <param name="Range">The range over ends.</param>
/// <param name="Filter">Which operations.</param>
/// <param name="Grouping">What to group by.</param>
/// <param name="Grid">Steps to split the range into, or <see langword="null"/>; they must be whole minutes.</param>
/// <param name="WithFacts">Whether summaries of numeric facts are asked for; without them an answer is cheaper.</param>
public sealed record StatisticsRequest(
    TimeRange Range, SeriesFilter Filter, StatisticsGrouping Grouping = StatisticsGrouping.None, BucketGrid? Grid = null, bool WithFacts = true);

/// <summary>The range that was answered for: where only rollups remain it snaps to their minutes or hours.</summary>
/// <param name="From">The begin, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution"><c>exact</c>, <c>minute</c> or <c>hour</c>: what the edges snapped to.</param>
public sealed record AnsweredRange(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>The range.</summary>
    public TimeRange Range => new(From, To);
}

/// <summary>Figures by group, with the range that they are over.</summary>
/// <param name="Range">The range that was answered for.</param>
/// <param name="Groups">What was counted in each group; a group without operations is not there.</param>
public sealed record StatisticsAnswer(AnsweredRange Range, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> Groups)
{
    /// <summary>
    /// The grid that the groups' steps count in, or <see langword="null"/> without one. It is the one that was asked for, unless the range reaches back to where
    /// only hours are kept: then its steps are whole hours, at most as many as were asked for.
    /// </summary>
    public BucketGrid? Grid { get; init; }

    /// <summary>The statistics of one group; all zero and null when nothing was counted in it.</summary>
    public OutcomeStatistics Of(StatisticsGroup group) =>
        (Groups.TryGetValue(group, out var builder) ? builder : new()).Build(Range.Range.Length);

    /// <summary>The statistics of everything, for a request that is not grouped.</summary>
    public OutcomeStatistics Total => Of(default);
}
