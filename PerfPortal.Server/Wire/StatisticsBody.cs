using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>A time range.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="Resolution">The resolution that both ends are aligned to: <c>exact</c>, <c>minute</c> or <c>hour</c>.</param>
internal sealed record RangeBody(DateTimeOffset From, DateTimeOffset To, string Resolution)
{
    /// <summary>Converts the range that a result covers to its wire form.</summary>
    public static RangeBody Of(AnsweredRange range) => new(range.From, range.To, range.Resolution);

    /// <summary>Converts a range with exact ends to its wire form.</summary>
    public static RangeBody Of(TimeRange range) => new(range.From, range.To, "exact");
}

/// <summary>The operations of one metric type.</summary>
/// <param name="Items">The page.</param>
/// <param name="Statistics">The statistics of the whole filtered set; null when it is too large to scan.</param>
/// <param name="StatisticsReason">The reason why the statistics are missing.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
/// <param name="Range">The range that the result covers.</param>
/// <param name="Incomplete">Whether the search stopped at its scan limit before the page was full; the next cursor continues it.</param>
internal sealed record MetricsBody(
    IReadOnlyList<OperationBody> Items, OutcomeStatistics? Statistics, string? StatisticsReason, string? NextCursor, RangeBody Range, bool Incomplete);
