using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>
/// Arranges running and recently ended operations in one lane per source. Positions refer to an anchor that stays for several spans of time, so that the bars
/// of a page move by one transformation instead of one change for each. An operation keeps its row while it is visible.
/// </summary>
/// <param name="span">The visible time before the current time.</param>
public sealed class Timeline(TimeSpan span)
{
    /// <summary>The largest number of lanes: sources with running operations first, then those that ended one last. Further sources are only counted.</summary>
    public const int MaxLanes = 40;

    /// <summary>The largest number of rows of a lane; further operations that overlap are only counted.</summary>
    public const int MaxRows = 24;

    /// <summary>The time after which <see cref="Arrange"/> should be called again although nothing has happened: the names of long bars have then moved out of sight.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private const int SpansPerAnchor = 10;

    /// <summary>The narrowest bar, in percent; also the narrowest gap, so that short operations of one row stay apart.</summary>
    private const double MinWidth = 0.4;

    private const double MinNamedWidth = 8;

    private Dictionary<Guid, int> _rows = [];

    /// <summary>The visible time before the current time.</summary>
    public TimeSpan Span => span;

    /// <summary>The lanes, ordered by source.</summary>
    public IReadOnlyList<TimelineLane> Lanes { get; private set; } = [];

    /// <summary>The number of sources that have no lane.</summary>
    public int HiddenLanes { get; private set; }

    /// <summary>The position 0.</summary>
    public DateTimeOffset Anchor { get; private set; }

    /// <summary>The time of the last arrangement.</summary>
    public DateTimeOffset ArrangedAt { get; private set; }

    /// <summary>All operations that have a place, visible or only counted.</summary>
    public IReadOnlyList<Operation> Operations { get; private set; } = [];

    /// <summary>Arranges operations as of a time; those that ended before the visible span are left out.</summary>
    public void Arrange(IEnumerable<ActiveRow> running, IEnumerable<Operation> ended, DateTimeOffset now)
    {
        if (now - Anchor >= span * SpansPerAnchor || now < Anchor)
        {
            Anchor = now;
        }

        ArrangedAt = now;
        Operations =
        [
            .. running.Select(row => row.Operation).Concat(ended.Where(operation => operation.EndTime > now - span)).DistinctBy(operation => operation.Id)
                .OrderBy(operation => operation.RunningSince()).ThenBy(operation => operation.Id),
        ];
        var rows = new Dictionary<Guid, int>(Operations.Count);
        var bySource = Operations.GroupBy(operation => operation.Source, StringComparer.Ordinal).ToList();
        HiddenLanes = Math.Max(0, bySource.Count - MaxLanes);
        Lanes =
        [
            .. bySource.OrderByDescending(group => group.Max(operation => operation.EndTime ?? DateTimeOffset.MaxValue)).ThenBy(group => group.Key, StringComparer.Ordinal).Take(MaxLanes)
                .OrderBy(group => group.Key, StringComparer.OrdinalIgnoreCase).Select(group => Lane(group.Key, group, rows, now)),
        ];
        _rows = rows;
    }

    /// <summary>The distance, in percent of the span, by which all bars are moved to the right so that a time is at the right edge.</summary>
    public double ShiftAt(DateTimeOffset now) => 100 - Position(now);

    private TimelineLane Lane(string source, IEnumerable<Operation> operations, Dictionary<Guid, int> rows, DateTimeOffset now)
    {
        var bars = new List<TimelineBar>();
        List<double> ends = [];
        int hidden = 0;
        double right = Position(now);
        foreach (var operation in operations)
        {
            double left = Math.Max(Position(operation.RunningSince()), right - 100);
            double end = operation.EndTime is { } ended ? Math.Max(Position(ended), left + MinWidth) : double.PositiveInfinity;
            int row = _rows.TryGetValue(operation.Id, out int known) && IsFree(ends, known, left) ? known : FirstFree(ends, left);
            if (row >= MaxRows)
            {
                hidden++;
                continue;
            }

            while (ends.Count <= row)
            {
                ends.Add(double.NegativeInfinity);
            }

            ends[row] = end + (MinWidth / 2);
            rows[operation.Id] = row;
            // A running operation reaches beyond the right edge, which clips it, until the anchor moves.
            double width = Math.Min(end, (SpansPerAnchor + 1) * 100) - left;
            bars.Add(new(operation, row, left, width, Math.Min(end, right) - left >= MinNamedWidth));
        }

        return new(source, bars, Math.Max(1, ends.Count), hidden);
    }

    private static bool IsFree(List<double> ends, int row, double from) => row >= ends.Count || ends[row] <= from;

    private static int FirstFree(List<double> ends, double from)
    {
        int row = ends.FindIndex(end => end <= from);
        return row >= 0 ? row : ends.Count;
    }

    private double Position(DateTimeOffset time) => (time - Anchor) / span * 100;
}
