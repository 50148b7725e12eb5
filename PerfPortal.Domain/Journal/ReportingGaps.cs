namespace PerfPortal.Domain.Journal;

/// <summary>
/// Tells the pauses of a host that reports less often than once per step from an outage. The host's own reporting interval is estimated from the
/// neighbouring reports, so that it may change within a range; a pause longer than <see cref="Tolerance"/> intervals is an outage.
/// </summary>
internal sealed class ReportingGaps
{
    /// <summary>A report that is late or lost once is not an outage.</summary>
    private const double Tolerance = 2.5;

    private const int Neighbours = 5;
    private const int EnoughNeighbours = 3;

    private readonly List<Report> _reports = [];

    /// <summary>Adds a report; the oldest comes first.</summary>
    /// <param name="step">The step in which it was made, which may be before the first or after the last one.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="point">What was reported.</param>
    public void Add(long step, DateTimeOffset at, ResourcePoint point)
    {
        if (_reports.Count > 0 && _reports[^1].Step == step)
        {
            _reports[^1] = _reports[^1] with { Last = at };
        }
        else
        {
            _reports.Add(new(step, at, at, point));
        }
    }

    /// <summary>Fills the steps between two reports that the reporting interval explains. As elsewhere, a report represents the time before it.</summary>
    public void Fill(ResourcePoint?[] points)
    {
        for (int i = 1; i < _reports.Count; i++)
        {
            var (before, after) = (_reports[i - 1], _reports[i]);
            if (after.Step - before.Step < 2 || Interval(i) is not { } interval || Pause(i) > Tolerance * interval)
            {
                continue;
            }

            long last = Math.Min(after.Step, points.Length) - 1;
            for (long step = Math.Max(before.Step + 1, 0); step <= last; step++)
            {
                points[step] ??= after.Step < points.Length ? points[after.Step] : after.Point;
            }
        }
    }

    /// <summary>Returns the reporting interval around a pause in seconds, without the pause itself: the longer one where it changes.</summary>
    private double? Interval(int pause)
    {
        double[] before = [.. Enumerable.Range(pause - Neighbours, Neighbours).Where(i => i >= 1).Select(Pause)];
        double[] after = [.. Enumerable.Range(pause + 1, Neighbours).Where(i => i < _reports.Count).Select(Pause)];
        return (before.Length >= EnoughNeighbours, after.Length >= EnoughNeighbours) switch
        {
            (true, true) => Math.Max(Median(before), Median(after)),
            (true, false) => Median(before),
            (false, true) => Median(after),
            _ => before.Length + after.Length > 0 ? Median([.. before, .. after]) : null,
        };
    }

    private double Pause(int i) => (_reports[i].First - _reports[i - 1].Last).TotalSeconds;

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[(values.Length - 1) / 2];
    }

    /// <summary>The reports of one step.</summary>
    private readonly record struct Report(long Step, DateTimeOffset First, DateTimeOffset Last, ResourcePoint Point);
}
