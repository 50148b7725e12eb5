using PerfPortal.Server.Storage;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Marks reported markers on time charts.</summary>
internal static class MarkerMarks
{
    private const int LabelCharacters = 24;

    /// <summary>A line each, with the marker's name.</summary>
    public static IReadOnlyList<ChartMark> Of(IEnumerable<Marker> markers) =>
        [.. markers.Select(marker => new ChartMark(marker.At, null, MiddleCut.Of(marker.Name, LabelCharacters), ChartMark.Marker))];

    /// <summary>Adds markers to charts.</summary>
    public static IReadOnlyList<ChartModel> On(IReadOnlyList<ChartModel> charts, IReadOnlyList<Marker> markers) =>
        markers.Count == 0 ? charts : [.. charts.Select(chart => chart with { Marks = [.. chart.Marks, .. Of(markers)] })];
}
