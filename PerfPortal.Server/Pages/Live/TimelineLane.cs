using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>A bar of the timeline.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Row">The row within the lane, from 0. Operations that overlap are in different rows.</param>
/// <param name="Left">The left edge, in percent of the time span, from the anchor.</param>
/// <param name="Width">The width, in percent of the time span.</param>
/// <param name="IsNamed">Whether the bar is wide enough for its name.</param>
public readonly record struct TimelineBar(Operation Operation, int Row, double Left, double Width, bool IsNamed);

/// <summary>The operations of one source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Bars">The bars, earliest start first.</param>
/// <param name="Rows">The number of rows, at least 1.</param>
/// <param name="Hidden">The number of operations that overlap with more others than there are rows.</param>
public sealed record TimelineLane(string Source, IReadOnlyList<TimelineBar> Bars, int Rows, int Hidden);
