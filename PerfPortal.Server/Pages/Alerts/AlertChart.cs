using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Draws the hour before an alert fired, with its threshold.</summary>
internal static class AlertChart
{
    private const double Mebi = 1024 * 1024;
    private const double Gibi = 1024 * Mebi;

    /// <summary>A chart without data.</summary>
    public static ChartModel Empty { get; } = new("alert", "", null, new(default, default, [], []), [], null, "");

    /// <summary>Returns the chart of an alert; empty when fewer than two values were recorded.</summary>
    public static ChartModel Of(Alert alert)
    {
        if (alert.Explanation?.Points is not { } points || points.Count(point => point.Value is not null) < 2)
        {
            return Empty;
        }

        var (unit, factor) = AlertWords.UnitOf(alert) switch
        {
            "share" or "ratio" => ("%", 100),
            "MiB" => ("bytes", Mebi),
            "GiB" => ("bytes", Gibi),
            "B/s" => ("bytes/s", 1),
            var other => (other, 1d),
        };
        var data = new ChartData(points[0].At, points[^1].At, [.. points.Select(point => point.At)], [new(AlertWords.Title(alert.Signal), [.. points.Select(point => point.Value * factor)])]);
        string label = AlertWords.ThresholdOf(alert);
        return Empty with
        {
            Unit = unit,
            Data = data,
            Thresholds = label == AlertWords.AnyThreshold ? [] : [new(alert.Threshold * factor, label, alert.Severity == AlertSeverity.Critical)],
            Marks = AlertMarks.Of([alert]),
        };
    }
}
