using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>A range on the wire.</summary>
/// <param name="From">The begin, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution">What the edges snapped to: <c>exact</c>, <c>minute</c> or <c>hour</c>.</param>
internal sealed record RangeBody(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>The range that was answered for.</summary>
    public static RangeBody Of(AnsweredRange range) => new(range.From, range.To, range.Resolution);

    /// <summary>A range whose edges are exact.</summary>
    public static RangeBody Of(TimeRange range) => new(range.From, range.To, "exact");
}

/// <summary>The operations of one metric type.</summary>
/// <param name="Items">The page.</param>
/// <param name="Statistics">The statistics of the whole filtered set; null when it is too large to scan.</param>
/// <param name="StatisticsReason">Why there are no statistics.</param>
/// <param name="NextCursor">Where the next page goes on, or null at the end.</param>
/// <param name="Range">The range that was answered for.</param>
/// <param name="Incomplete">Whether the search for this page was broken off at its budget; the next cursor goes on.</param>
internal sealed record MetricsBody(
    IReadOnlyList<OperationBody> Items, OutcomeStatistics? Statistics, string? StatisticsReason, string? NextCursor, RangeBody Range, bool Incomplete);
