using PerfPortal.Server.Charts;

namespace PerfPortal.Server.Views;

/// <summary>How a series is drawn.</summary>
public enum ChartKind
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A line over a tinted area.</summary>
    Area,

    /// <summary>A bar for each point.</summary>
    Bar,
}

/// <summary>One series of a chart, on the times of its <see cref="ChartData"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Values">A value for each time; null (or a number that is not finite) is a gap.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Low">The lower edge of a band, such as the minimum of each interval; given together with <paramref name="High"/>.</param>
/// <param name="High">The upper edge of the band.</param>
/// <param name="Color">A colour (<c>#0072b2</c>) or a variable of the style sheet (<c>--crit</c>); by default the next of the palette.</param>
/// <param name="Dashed">The line is dashed, as forecasts and comparisons are.</param>
/// <param name="Stack">Series of one stack stand on each other.</param>
public sealed record ChartSeries(
    string Name,
    IReadOnlyList<double?> Values,
    ChartKind Kind = ChartKind.Line,
    IReadOnlyList<double?>? Low = null,
    IReadOnlyList<double?>? High = null,
    string? Color = null,
    bool Dashed = false,
    string? Stack = null);

/// <summary>What a chart draws. Replace the whole record to draw anew; at most one point per pixel.</summary>
/// <param name="From">The left edge of the time axis.</param>
/// <param name="To">The right edge.</param>
/// <param name="Times">The times of the points, rising.</param>
/// <param name="Series">The series, each as long as <paramref name="Times"/>.</param>
public sealed record ChartData(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>No series has a value.</summary>
    public bool IsEmpty => !Series.Any(s => s.Values.Any(v => v is { } x && double.IsFinite(x)));
}

/// <summary>A horizontal line at a limit.</summary>
/// <param name="Value">The limit, in the chart's unit.</param>
/// <param name="Label">Its words, such as <c>warning 85 %</c>.</param>
/// <param name="Critical">Whether it is the critical one.</param>
public sealed record ChartThreshold(double Value, string Label, bool Critical = false);
