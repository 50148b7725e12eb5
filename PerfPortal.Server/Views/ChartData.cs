using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views;

/// <summary>The visual form of a series.</summary>
public enum ChartKind
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A line with a filled area.</summary>
    Area,

    /// <summary>A bar for each point.</summary>
    Bar,
}

/// <summary>A chart series. Its values correspond to the times of its <see cref="ChartData"/>.</summary>
/// <param name="Name">The legend name.</param>
/// <param name="Values">A value for each time; null or a non-finite number is a gap.</param>
/// <param name="Kind">The visual form.</param>
/// <param name="Low">The lower edge of a band, such as the minimum of each interval; requires <paramref name="High"/>.</param>
/// <param name="High">The upper edge of the band.</param>
/// <param name="Color">A color (<c>#0072b2</c>) or a CSS variable (<c>--crit</c>); by default the next color of the palette.</param>
/// <param name="Dashed">Whether the line is dashed, as for forecasts and comparisons.</param>
/// <param name="Stack">The stack name; series with the same name are stacked.</param>
public sealed record ChartSeries(
    string Name,
    IReadOnlyList<double?> Values,
    ChartKind Kind = ChartKind.Line,
    IReadOnlyList<double?>? Low = null,
    IReadOnlyList<double?>? High = null,
    string? Color = null,
    bool Dashed = false,
    string? Stack = null);

/// <summary>The data of a chart, at most one point per pixel. Replace the record to redraw the chart.</summary>
/// <param name="From">The start of the time axis.</param>
/// <param name="To">The end of the time axis.</param>
/// <param name="Times">The times of the points, in ascending order.</param>
/// <param name="Series">The series, each with as many values as <paramref name="Times"/>.</param>
public sealed record ChartData(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Whether no series has a value.</summary>
    public bool IsEmpty => !Series.Any(s => s.Values.Any(v => v is { } x && double.IsFinite(x)));

    /// <summary>Returns the step that starts at a time; the last step is as long as the one before it.</summary>
    /// <returns>The step, or <see langword="null"/> when no point has this time.</returns>
    public TimeRange? StepAt(DateTimeOffset time)
    {
        int at = Times.TakeWhile(one => one < time).Count();
        if (at == Times.Count || Times[at] != time)
        {
            return null;
        }

        var next = at + 1 < Times.Count ? Times[at + 1] : at > 0 ? time + (time - Times[at - 1]) : To;
        return next > time ? new(time, next) : null;
    }
}

/// <summary>A horizontal threshold line.</summary>
/// <param name="Value">The threshold, in the chart's unit.</param>
/// <param name="Label">The label, such as <c>warning 85 %</c>.</param>
/// <param name="Critical">Whether this is the critical threshold.</param>
public sealed record ChartThreshold(double Value, string Label, bool Critical = false);

/// <summary>A marked point in time or, with an end, a period.</summary>
/// <param name="From">The point, or the start of the period.</param>
/// <param name="To">The end of the period; <see langword="null"/> for a point.</param>
/// <param name="Label">The label of a point; empty for none.</param>
/// <param name="State"><c>critical</c>, <c>warning</c>, <c>neutral</c> or <see cref="Marker"/>.</param>
/// <param name="Path">The path of what it stands for, below the path base; the chart lists such marks as links. <see langword="null"/> for none.</param>
public sealed record ChartMark(DateTimeOffset From, DateTimeOffset? To, string Label, string State, string? Path = null)
{
    /// <summary>The state of a reported marker.</summary>
    public const string Marker = "marker";
}
